import { Button, CopyButton } from '@mantine/core'

/** A button that copies; it says so for a moment, to ears too. */
export function Copy({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <Button variant="default" size="compact-sm" onClick={copy} aria-label={`Copy ${what}`}>
          <span aria-live="polite">{copied ? 'Copied' : 'Copy'}</span>
        </Button>
      )}
    </CopyButton>
  )
}

/** A command to paste into a shell. */
export function Command({ text, what }: { readonly text: string; readonly what: string }) {
  return (
    <div className="command">
      <div className="bar">
        <span>shell</span>
        <Copy value={text} what={what} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    </div>
  )
}
