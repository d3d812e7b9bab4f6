const STEPS = ['Sign up', 'Verify your e-mail', 'Hold credentials'] as const

/** Where somebody is on the way to their first call. `at` counts from 0. */
export function Steps({ at }: { readonly at: 0 | 1 | 2 }) {
  return (
    <ol className="steps" aria-label="The way to your first call">
      {STEPS.map((step, index) => (
        <li
          key={step}
          className={index < at ? 'done' : undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className="mark">{index < at ? <span title="done">✓</span> : index + 1}</span>
          {step}
        </li>
      ))}
    </ol>
  )
}
