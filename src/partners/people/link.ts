import { createHash } from 'node:crypto'
import type { PersonId } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Context } from './deps.ts'
import { LINK_LIFETIME_MS } from './model.ts'
import * as store from './store.ts'

/** Keeps a new link of a sign-up, as a hash alone. @returns its token: 32 bytes of chance, base64url */
export async function makeLink(
  tx: Tx,
  random: Context['random'],
  signUpId: PersonId,
  now: Instant,
): Promise<string> {
  const token = Buffer.from(random(32)).toString('base64url')
  const expiresAt = (now + LINK_LIFETIME_MS) as Instant
  await store.insertLink(tx, { tokenHash: hashToken(token), signUpId, sentAt: now, expiresAt })
  return token
}

export function hashToken(token: string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(token).digest())
}

/** In the fragment, which a browser keeps to itself: no server, log or referrer sees the token. */
export function linkTo(portalUrl: string, token: string): string {
  return `${portalUrl}/verify#token=${token}`
}
