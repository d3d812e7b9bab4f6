import type { RequestState } from '../../api.ts'

const STEPS = ['Asked', 'In review', 'Contract offered', 'You have signed', 'Countersigned', 'Live'] as const

/** Which step is taken now: those before it are done. */
const AT: Readonly<Record<RequestState, number>> = {
  draft: 0,
  submitted: 0,
  'in-review': 1,
  offered: 2,
  'partner-signed': 3,
  countersigned: 5,
  declined: 0,
  withdrawn: 0,
}

/** How far a request for production has come. */
export function Way({ state }: { readonly state: RequestState }) {
  const at = AT[state]
  const isPast = (index: number) => index < at
  return (
    <ol className="steps" aria-label="The way into production">
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={isPast(index) ? 'done' : undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className="mark">{isPast(index) ? <span title="done">✓</span> : index + 1}</span>
          {step}
        </li>
      ))}
    </ol>
  )
}
