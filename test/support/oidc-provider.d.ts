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

  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>)
    proxy: boolean
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    on(event: string, listener: (...given: unknown[]) => void): this
  }
}
