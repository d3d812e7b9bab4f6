import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { missing } from '../json/reference.ts'

const folder = resolve(
  process.env.REFERENCE_DIR ?? resolve(import.meta.dirname, '../../../../shared/reference'),
)

export type Json = Readonly<Record<string, unknown>>

/** Every published request of one operation, by the name of its file. */
export function publishedRequests(operation: 'submission' | 'inquiry'): readonly (readonly [string, Json])[] {
  if (missing !== undefined) return []
  return readdirSync(join(folder, 'json'))
    .filter((name) => name.startsWith(`user-${operation}-request`) && name.endsWith('.json'))
    .sort()
    .map((name) => [name, JSON.parse(readFileSync(join(folder, 'json', name), 'utf8'))])
}

/** A published interchange, by the name of its file. */
export function publishedX12(name: string): string {
  return readFileSync(join(folder, 'x12', name), 'utf8').trim()
}
