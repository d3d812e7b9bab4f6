import { Button, CopyButton, VisuallyHidden } from '@mantine/core'

/** A button that copies; it says so for a moment, to ears too. */
export function Copy({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <CopyButton value={value} timeout={2000}>
      {({ copied, copy }) => (
        <>
          <Button variant="default" size="compact-sm" onClick={copy} aria-label={`Copy ${what}`}>
            {copied ? 'Copied' : 'Copy'}
          </Button>
          {/* Beside the button: what is within one is not announced, and its label stands for all of it. */}
          <VisuallyHidden role="status">{copied ? `Copied ${what}` : ''}</VisuallyHidden>
        </>
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
