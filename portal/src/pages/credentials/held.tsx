import { Link } from '@tanstack/react-router'
import type { CredentialSummary, NewSecret } from '../../api.ts'
import { CredentialCard } from './card.tsx'

interface HeldProps {
  /** Undefined while they are being read. */
  readonly credentials: readonly CredentialSummary[] | undefined
  readonly onRotated: (secret: NewSecret, label: string) => void
}

/** What the company holds: both environments side by side. */
export function Held({ credentials, onRotated }: HeldProps) {
  const of = (environment: CredentialSummary['environment']) =>
    credentials?.filter((credential) => credential.environment === environment)
  const cards = (held: readonly CredentialSummary[] | undefined) =>
    held?.map((credential) => (
      <CredentialCard
        key={credential.clientId}
        credential={credential}
        onRotated={(secret) => onRotated(secret, credential.label)}
      />
    ))
  const [sandbox, production] = [of('sandbox'), of('production')]
  return (
    <section className="block" aria-labelledby="held-title">
      <h2 id="held-title">Held by your company</h2>
      <div className="environments">
        <section className="block environment" aria-labelledby="sandbox-title">
          <h3 id="sandbox-title" className="environment-name sandbox">
            Sandbox
          </h3>
          {cards(sandbox)}
          {sandbox?.length === 0 && <p className="quiet">None. Create one below: it works at once.</p>}
          {sandbox === undefined && <div className="sheet skeleton" aria-hidden="true" />}
        </section>
        <section className="block environment" aria-labelledby="production-title">
          <h3 id="production-title" className="environment-name production">
            Production
          </h3>
          {cards(production)}
          {production?.length === 0 && (
            <p className="quiet">
              None yet. Production credentials are made after a contract is countersigned, or a subscription
              processed. A sandbox credential never works there. <Link to="/go-live">Go live</Link>
            </p>
          )}
        </section>
      </div>
    </section>
  )
}
