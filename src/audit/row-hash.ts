import { createHash } from 'node:crypto'

/**
 * Every column of an entry, as text that does not depend on any setting of the database: moments as seconds since 1970
 * with all their digits, objects as `jsonb` writes them. In SQL, where `e` is the entry.
 */
export const COLUMNS = {
  id: 'e.id',
  at: 'extract(epoch from e.at)::text',
  actor_kind: 'e.actor_kind',
  actor_id: 'e.actor_id',
  organization_id: 'e.organization_id',
  act: 'e.act',
  on_id: 'e.on_id',
  outcome: 'e.outcome',
  problem: 'e.problem',
  request_id: 'e.request_id',
  detail: 'e.detail::text',
  written_in: 'e.written_in::text',
} as const

/** An entry as it is hashed: each column as text, null where it holds nothing. */
export type CanonicalEntry = Readonly<Record<keyof typeof COLUMNS, string | null>> & { readonly id: string }

/**
 * SHA-256 of an entry: of the JSON array of its columns, in the order of `COLUMNS`, in UTF-8. No two entries are written
 * the same way: a list in JSON keeps apart where one text ends and the next begins, and nothing from the empty text.
 */
export function rowHash(entry: CanonicalEntry): Uint8Array {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]
  const written = JSON.stringify(names.map((name) => entry[name]))
  return new Uint8Array(createHash('sha256').update(written, 'utf8').digest())
}
