import type { Reference } from '../../../core/request.ts'
import { REFERENCES } from '../codes/index.ts'
import type { SegmentReader } from '../reading/index.ts'
import { trimmed } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

/**
 * Reads the further numbers of a party, in the order sent.
 *
 * @see 005010X217 REF of loops 2010B to 2010F; REF03 is the state of a licence
 */
export function decodeReferences(refs: readonly SegmentReader[]): readonly Reference[] {
  if (refs.length === 0) return []
  const references: Reference[] = []
  for (const ref of refs) {
    const kind = ref.requiredWord(1, REFERENCES)
    const value = ref.required(2, 'a number')
    if (kind === undefined) continue
    const state = kind === 'state-license' ? ref.text(3) : undefined
    references.push(state === undefined ? { kind, value } : { kind, value, state })
  }
  return trimmed(references)
}

export function encodeReferences(references: readonly Reference[]): readonly Row[] {
  return references.map(({ kind, value, state }) => ['REF', REFERENCES.code(kind), value, state])
}

/** Reads a lone number, such as an authorization number (REF*BB). */
export function decodeNumber(ref: SegmentReader | undefined): string | undefined {
  if (ref === undefined) return undefined
  ref.text(1)
  return ref.required(2, 'a number')
}

/** Writes a lone number; nothing when there is none. */
export function encodeNumber(qualifier: string, number: string | undefined): readonly Row[] {
  return number === undefined ? [] : [['REF', qualifier, number]]
}

/** The numbers under which something was known before this request. */
interface Known {
  readonly previousAuthorizationNumber?: string
  readonly previousAdministrativeReference?: string
}

/** Writes the numbers that a request named, or gives them back in an answer. */
export function encodeKnown(known: Known): readonly Row[] {
  return [
    ...encodeNumber('BB', known.previousAuthorizationNumber),
    ...encodeNumber('NT', known.previousAdministrativeReference),
  ]
}
