import { useQuery } from '@tanstack/react-query'
import { api, type Mail } from '../api.ts'
import { ProblemNote } from '../problem-note.tsx'

/** What a server without a mail service would have sent. For development: anyone at this machine can read it. */
export function Outbox() {
  const outbox = useQuery({ queryKey: ['outbox'], queryFn: api.outbox, retry: false, refetchInterval: 3000 })
  return (
    <>
      <div className="opening">
        <h1>Development outbox</h1>
        <p className="lead">
          Mail that this server would send, newest first. An operator with a mail service has no such page.
        </p>
      </div>
      <ProblemNote error={outbox.error} />
      <div className="stack">
        {outbox.data?.messages.length === 0 && (
          <p>Nothing has been sent yet. Sign up, and the first mail appears here.</p>
        )}
        {outbox.data?.messages.map((mail) => (
          <Letter key={mail.id} mail={mail} />
        ))}
      </div>
    </>
  )
}

function Letter({ mail }: { readonly mail: Mail }) {
  return (
    <article className="sheet block">
      <h2>{mail.subject}</h2>
      <p className="quiet">
        To {mail.to}, <time dateTime={mail.at}>{new Date(mail.at).toLocaleString()}</time>
      </p>
      <pre className="letter">{withLinks(mail.text)}</pre>
    </article>
  )
}

function withLinks(text: string) {
  return text.split(/(https:\/\/\S+)/).map((part) =>
    part.startsWith('https://') ? (
      <a key={part} href={part}>
        {part}
      </a>
    ) : (
      part
    ),
  )
}
