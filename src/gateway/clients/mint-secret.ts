import { mintId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import { hintOf, mintSecret } from './credential.ts'
import type { Registrar } from './registrar.ts'
import { saveSecret } from './secret-store.ts'

const DAY_MS = 86_400_000
const LONGEST_LIFE_DAYS = 3650

export interface SecretTerms {
  /** 1 to 3650; without an end when absent. */
  readonly expiresInDays?: number | undefined
  /** Chosen by the caller, 1 to 100 characters: asking again with the same makes nothing twice. */
  readonly requestId?: string | undefined
}

export interface MintedSecret {
  readonly secretId: string
  /** Shown to the one who asked, once; nobody can read it again. */
  readonly clientSecret: string
  readonly secretExpiresAt: Instant | undefined
}

/** Makes a secret and keeps its hash. */
export async function addSecret(
  { environment, peppers, clock, random }: Registrar,
  tx: Tx,
  clientId: string,
  terms: SecretTerms,
): Promise<MintedSecret> {
  const now = clock.now()
  const clientSecret = mintSecret(environment, random)
  const pepper = peppers.current(now)
  const secretId = mintId('secret', now, random)
  const secretExpiresAt =
    terms.expiresInDays === undefined ? undefined : ((now + terms.expiresInDays * DAY_MS) as Instant)
  const row = {
    id: secretId,
    hash: pepper.hash(clientSecret),
    keyId: pepper.id,
    hint: hintOf(clientSecret),
    expiresAt: secretExpiresAt,
    requestId: terms.requestId,
  }
  await saveSecret(tx, clientId, row, now)
  return { secretId, clientSecret, secretExpiresAt }
}

/** @throws Problem `request/invalid` */
export function requireTerms({ expiresInDays, requestId }: SecretTerms): void {
  if (expiresInDays !== undefined && !isWithin(expiresInDays, 1, LONGEST_LIFE_DAYS))
    throw new Problem('request/invalid', `A secret lives 1 to ${LONGEST_LIFE_DAYS} whole days.`)
  if (requestId !== undefined && (requestId.length === 0 || requestId.length > 100))
    throw new Problem('request/invalid', 'A request id has 1 to 100 characters.')
}

export const isWithin = (value: number, least: number, most: number): boolean =>
  Number.isInteger(value) && value >= least && value <= most
