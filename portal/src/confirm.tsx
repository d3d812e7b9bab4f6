import { Button } from '@mantine/core'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { ProblemNote } from './problem-note.tsx'

interface ConfirmProps {
  /** What the button says, and the act is called: "Revoke this secret". */
  readonly act: string
  /** What follows from it, said before. */
  readonly consequence: ReactNode
  readonly run: () => void
  readonly isRunning: boolean
  readonly error: unknown
}

/** A button for what cannot be taken back: it says what follows, and asks again. */
export function Confirm({ act, consequence, run, isRunning, error }: ConfirmProps) {
  const [isAsked, setAsked] = useState(false)
  const again = useRef<HTMLButtonElement>(null)
  const first = useRef<HTMLButtonElement>(null)
  const wasAsked = useRef(false)
  useEffect(() => {
    // The button that had the focus is gone: whoever uses a keyboard goes on where they were.
    if (isAsked) again.current?.focus()
    else if (wasAsked.current) first.current?.focus()
    wasAsked.current = isAsked
  }, [isAsked])
  if (!isAsked)
    return (
      <Button ref={first} variant="default" size="compact-sm" onClick={() => setAsked(true)}>
        {act}
      </Button>
    )
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would ask for a legend that says the same as the button
    <div className="once settle" role="group" aria-label={act}>
      <p>{consequence}</p>
      <ProblemNote error={error} />
      <div className="actions">
        <Button
          ref={again}
          size="compact-sm"
          className="irreversible"
          loading={isRunning}
          onClick={() => {
            run()
          }}
        >
          {act}
        </Button>
        <Button variant="default" size="compact-sm" onClick={() => setAsked(false)}>
          Keep it
        </Button>
      </div>
    </div>
  )
}
