import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { askOperator } from './operator.ts'

/** A credential just made. */
export interface FreshCredential {
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  readonly tokenUrl: string
  readonly baseUrl: string
}

interface Wanted {
  readonly organization: string
  readonly environment: string
  readonly label?: string
  readonly scopes?: readonly string[]
}

export function createCredential(dataDirectory: string, wanted: Wanted): Promise<FreshCredential> {
  return askOperator(dataDirectory, 'POST', '/operator/credentials', wanted)
}

/** Public keys: a JWK Set, or the address where it is published. */
export type Keys = { readonly jwks: unknown } | { readonly jwksUri: string }

/** Makes a client that proves itself by its keys: no secret is made. */
export function createKeyCredential(
  dataDirectory: string,
  wanted: Wanted & Keys,
): Promise<Omit<FreshCredential, 'clientSecret'> & { readonly clientSecret?: never }> {
  return askOperator(dataDirectory, 'POST', '/operator/credentials', wanted)
}

/**
 * The local certificate authority of a server; undefined when it serves with a certificate of its own.
 *
 * @returns an absolute path: it is kept in files that are read from other folders
 */
export function caFileOf(dataDirectory: string): string | undefined {
  const file = resolve(dataDirectory, 'tls/ca.pem')
  return existsSync(file) ? file : undefined
}
