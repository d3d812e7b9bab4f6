/** Nothing was sent: the address is none that this server goes to. Names the rule, and nothing of the URL. */
export class EgressRefused extends Error {
  override readonly name = 'EgressRefused'
  readonly why: 'url' | 'scheme' | 'credentials' | 'name' | 'address'
  constructor(why: EgressRefused['why'], message: string) {
    super(message)
    this.why = why
  }
}

/** It was tried, and no whole answer came of it. */
export class EgressFailed extends Error {
  override readonly name = 'EgressFailed'
  readonly why: 'unreachable' | 'tls' | 'redirect' | 'encoded' | 'too-large' | 'too-slow' | 'cut-off'
  constructor(why: EgressFailed['why'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.why = why
  }
}
