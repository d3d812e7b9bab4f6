import { useId } from 'react'
import type { Signed } from './api.ts'
import { Seal } from './seal.tsx'
import { When } from './when.tsx'

interface ContractTextProps {
  readonly text: string
  readonly title: string
  readonly signatures?: readonly Signed[]
}

/** A contract as it is read and signed: its frozen text, set as a document, with the signatures beneath. */
export function ContractText({ text, title, signatures = [] }: ContractTextProps) {
  const id = useId()
  return (
    <section className="block" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <article className="sheet contract" tabIndex={0} aria-labelledby={id}>
        <pre className="letter">{text}</pre>
        {signatures.length > 0 && (
          <ul className="signatures" aria-label="Signatures">
            {signatures.map((one) => (
              <li key={one.id}>
                <Seal pressed size={28} />
                <span>
                  <strong>{one.name}</strong>, {one.title}
                  <br />
                  <span className="quiet">
                    for the {one.side}, <When moment={one.signedAt} />
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </article>
    </section>
  )
}
