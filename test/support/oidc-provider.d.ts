/** As much of the types of oidc-provider, which ships none, as the tests and the bench use. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  /** Where it keeps what it knows. A model is `Client`, `ReplayDetection` and so on. */
  export interface Adapter {
    find(id: string): Promise<Readonly<Record<string, unknown>> | undefined>
    upsert(id: string, payload: Readonly<Record<string, unknown>>, expiresInSeconds: number): Promise<void>
    destroy(id: string): Promise<void>
    consume(id: string): Promise<void>
    findByUid(uid: string): Promise<undefined>
    findByUserCode(userCode: string): Promise<undefined>
    revokeByGrantId(grantId: string): Promise<void>
  }

  export interface Context {
    readonly status: number
    /** Absent where no route was found. */
    readonly oidc?: {
      readonly route?: string
      readonly client?: { readonly clientId: string }
    }
  }

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): this
    callback(): (request: IncomingMessage, response: ServerResponse) => void
  }
}
