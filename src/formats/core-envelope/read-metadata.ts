import type { Fault } from '../../kernel/result.ts'
import { type Instant, instantOf, plainDate } from '../../kernel/time.ts'
import type { Found, FoundField } from './fields.ts'
import type { CoreCode, CoreFault, FieldName, Metadata, ProcessingMode, RuleVersion } from './model.ts'
import { guideOfType, REQUEST_TYPES } from './payload-types.ts'

export interface MetadataRead {
  /** Those fields that could be read, for an answer that tells of the others. */
  readonly read: Partial<Metadata>
  readonly faults: readonly CoreFault[]
  readonly notes: readonly Fault[]
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const LONGEST_ID = 100
const VERSION = /^v?(2\.2\.0|4\.0\.0)$/
const MOMENT = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/
const MOST_OFFSET_MINUTES = 14 * 60

/**
 * Reads what the envelope of a request says of its payload: every fault at once, and what could be read all the same.
 *
 * @param version what the namespace of a SOAP message says; CORERuleVersion must say the same
 * @see CAQH CORE 270 section 4.4.2
 */
export function readMetadata(
  found: Pick<Found, 'place'>,
  byName: ReadonlyMap<FieldName, FoundField>,
  version?: RuleVersion,
): MetadataRead {
  const faults: CoreFault[] = []
  const notes: Fault[] = []
  const take = <T>(
    name: FieldName,
    read: (text: string) => T | undefined,
    expected: string,
  ): T | undefined => {
    const field = byName.get(name)
    const text = field?.text?.trim()
    const at = field?.at ?? found.place(name)
    if (field && text === undefined) {
      faults.push({ at, code: `${name}Illegal`, message: `${name} is no UTF-8` })
      return undefined
    }
    if (text === undefined || text === '') {
      faults.push({ at, code: `${name}Required`, message: `${name} is missing: expected ${expected}` })
      return undefined
    }
    const value = read(text)
    if (value === undefined)
      faults.push({ at, code: illegal(name), message: `expected ${expected}, found "${shown(text)}"` })
    return value
  }
  const payloadType = take('PayloadType', (text) => (guideOfType(text) ? text : undefined), KNOWN_TYPES)
  const processingMode = take(
    'ProcessingMode',
    (text) => (text === 'RealTime' || text === 'Batch' ? (text as ProcessingMode) : undefined),
    'RealTime or Batch',
  )
  const payloadId = take('PayloadID', (text) => (UUID.test(text) ? text : undefined), 'a UUID (RFC 4122)')
  const timeStamp = take('TimeStamp', momentOf, 'a moment such as 2026-11-24T18:20:00Z')
  const senderId = take('SenderID', partnerId, PARTNER_ID)
  const receiverId = take('ReceiverID', partnerId, PARTNER_ID)
  const ruleVersion = take(
    'CORERuleVersion',
    (text) => VERSION.exec(text)?.[1] as RuleVersion | undefined,
    '2.2.0 or 4.0.0',
  )
  if (version !== undefined && ruleVersion !== undefined && ruleVersion !== version)
    faults.push({
      at: byName.get('CORERuleVersion')?.at ?? '',
      code: 'VersionMismatch',
      message: `expected ${version}, as the namespace of the envelope says; found ${ruleVersion}`,
    })
  const written = byName.get('CORERuleVersion')
  if (ruleVersion !== undefined && written?.text?.trim().startsWith('v'))
    notes.push({ at: written.at, message: 'a version with a v before it; it is read without' })
  const moment = byName.get('TimeStamp')
  if (timeStamp !== undefined && moment && !/(?:Z|[+-]\d\d:\d\d)$/.test(moment.text?.trim() ?? ''))
    notes.push({ at: moment.at, message: 'a moment of no time zone; it is taken for UTC' })
  return {
    read: {
      ...(payloadType !== undefined && { payloadType }),
      ...(processingMode !== undefined && { processingMode }),
      ...(payloadId !== undefined && { payloadId }),
      ...(timeStamp !== undefined && { timeStamp }),
      ...(senderId !== undefined && { senderId }),
      ...(receiverId !== undefined && { receiverId }),
      ...(ruleVersion !== undefined && { ruleVersion }),
    },
    faults,
    notes,
  }
}

const KNOWN_TYPES = Object.values(REQUEST_TYPES).join(', ')
const PARTNER_ID = `1 to ${LONGEST_ID} printable characters`

/** A rule that is not spoken here is a mismatch of versions; any other value is illegal. */
function illegal(name: FieldName): CoreCode {
  return name === 'CORERuleVersion' ? 'VersionMismatch' : `${name}Illegal`
}

function partnerId(text: string): string | undefined {
  return text.length <= LONGEST_ID && /^[\x20-\x7e]+$/.test(text) ? text : undefined
}

/** @see XML Schema Part 2 section 3.2.7, dateTime */
function momentOf(text: string): Instant | undefined {
  const [, day = '', hours, minutes, seconds, zone = 'Z'] = MOMENT.exec(text) ?? []
  const date = plainDate(day)
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)]
  if (!date || !(h < 24 && m < 60 && s < 60)) return undefined
  const offset = zone === 'Z' ? 0 : Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))
  if (offset > MOST_OFFSET_MINUTES) return undefined
  const ahead = zone.startsWith('-') ? -offset : offset
  return (instantOf({ date, secondOfDay: h * 3600 + m * 60 + s }) - ahead * 60_000) as Instant
}

/** Enough of a value for its sender to know it again. */
function shown(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}…`
}
