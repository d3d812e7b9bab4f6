import type { CoreCode, CoreFault, FieldName } from './model.ts'
import { FIELDS } from './model.ts'

/** A field as it was found, in whichever envelope. */
export interface FoundField {
  readonly name: string
  /** Where its sender finds it: `/Envelope/Body/COREEnvelopeRealTimeRequest/PayloadID`, `part PayloadID`. */
  readonly at: string
  /** Undefined: bytes that are no UTF-8. */
  readonly text: string | undefined
  /** Of the payload alone: as it stood, or as it was decoded from base64. */
  readonly bytes?: Uint8Array
}

export interface Found {
  /** Where a field would stand that is missing. */
  readonly place: (name: FieldName) => string
  readonly fields: readonly FoundField[]
}

/** Puts fields under their names. One that stands twice, or that nobody knows, is a fault. */
export function sortFields({ fields }: Pick<Found, 'fields'>): {
  readonly byName: ReadonlyMap<FieldName, FoundField>
  readonly faults: readonly CoreFault[]
} {
  const byName = new Map<FieldName, FoundField>()
  const faults: CoreFault[] = []
  for (const field of fields) {
    const name = FIELDS.find((known) => known === field.name)
    if (name === undefined) faults.push(notUnderstood(field))
    else if (byName.has(name))
      faults.push({ at: field.at, code: `${name}Illegal`, message: `${name} stands twice; it stands once` })
    else byName.set(name, field)
  }
  return { byName, faults }
}

function notUnderstood({ name, at }: FoundField): CoreFault {
  const word = name.replaceAll(/[^A-Za-z0-9]/g, '').slice(0, 40)
  const code: CoreCode = `${word === '' ? 'Field' : word}NotUnderstood`
  return { at, code, message: 'a field that an envelope of this rule does not have', remedy: 'Leave it out.' }
}
