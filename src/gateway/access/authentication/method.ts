import type { Environment } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { Peppers } from '../../../platform/secrets/index.ts'
import type { ClientRecord, KeySet, PublishedKeys, StoredSecret } from '../../clients/index.ts'
import type { Disclose } from '../../limits/index.ts'

/** What a token request carries, whichever door it came through. */
export interface TokenRequest {
  /** The `Authorization` header, where the door reads it. */
  readonly authorization?: string | undefined
  /** The parameters of the body, each once; those sent empty are absent. @see RFC 6749 section 3.2 */
  readonly parameters: ReadonlyMap<string, string>
  /** Where it came from, as far as trusted proxies tell. */
  readonly address?: string
  /** Told how the client stands with its limit, once it has proved itself. */
  readonly disclose?: Disclose
  /** Of the HTTP request, for the audit record. */
  readonly requestId?: string
}

/** What a method needs to know whether a proof is good. */
export interface Verifier {
  readonly environment: Environment
  readonly peppers: Peppers
  readonly now: Instant
  /** A client as this node knows it, no older than a second; undefined when it has to be looked up. */
  known(clientId: string): Promise<ClientRecord | undefined>
  /** The same as the database has it. */
  find(clientId: string): Promise<ClientRecord | undefined>
  /** Told of a secret that was found right. */
  used(client: ClientRecord, secret: StoredSecret): Promise<void>
  /** Of clients that prove themselves by key pair. */
  readonly byKey: KeyVerifier
}

/** What it takes to know whether an assertion is good. */
export interface KeyVerifier {
  /** The ways of naming this token service: its issuer, and the URL of its token endpoint. */
  readonly audiences: readonly string[]
  readonly published: PublishedKeys
  find(clientId: string): Promise<{ readonly client: ClientRecord; readonly keySet: KeySet } | undefined>
  /** @returns false when the client's assertion was spent before, on any node */
  spend(assertion: {
    readonly clientId: string
    readonly jti: string
    readonly kid: string | undefined
    /** From when no node would accept it anyway. */
    readonly expiresAt: Instant
  }): Promise<boolean>
}

/** One way for a client to prove itself. */
export interface AuthenticationMethod {
  /** As it is registered and published. @see RFC 7591 section 2, token_endpoint_auth_method */
  readonly name: string
  /** Whether the request tries this method, well or badly. */
  isTried(request: TokenRequest): boolean
  /** Who the request says it is; undefined when that cannot be read. For the audit record: nothing is proved. */
  claimed(request: TokenRequest): string | undefined
  /** @throws Problem `access/client-invalid` with one answer for every reason, or `access/wrong-environment` */
  authenticate(request: TokenRequest, verifier: Verifier): Promise<ClientRecord>
}
