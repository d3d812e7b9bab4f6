import type { Fault } from '../../kernel/result.ts'
import { type Found, sortFields } from './fields.ts'
import { readForm } from './mime-fields.ts'
import type { CoreFault, CoreRequest, EnvelopeKind, Message, Metadata, RuleVersion, Sha1 } from './model.ts'
import { ELEMENTS, NAMESPACES, versionOf } from './names.ts'
import { type OpenedSoap, openSoap, type SoapRefusal } from './open-soap.ts'
import { readMetadata } from './read-metadata.ts'
import { readPayload } from './read-payload.ts'
import { soapFields } from './soap-fields.ts'

/** A request as its envelope has it, or all that is wrong with it. */
export type DecodedCoreRequest =
  | {
      readonly ok: true
      readonly request: CoreRequest
      /** How it came; its answer goes the same way. */
      readonly kind: EnvelopeKind
      readonly notes: readonly Fault[]
    }
  /** An envelope with faults: answered by one that names them. */
  | {
      readonly ok: false
      readonly reason: 'faults'
      readonly faults: readonly CoreFault[]
      /** What could be read all the same, for the answer. */
      readonly read: Partial<Metadata>
      readonly kind: EnvelopeKind
    }
  /** A SOAP message that is none, or not for us: answered by a SOAP fault. */
  | { readonly ok: false; readonly reason: 'soap-fault'; readonly refusal: SoapRefusal }
  /** A body that is no form. */
  | { readonly ok: false; readonly reason: 'no-form'; readonly faults: readonly Fault[] }

/**
 * Reads a request in SOAP: every fault of its envelope at once. Never throws; its memory is bounded by the body's.
 *
 * @see CAQH CORE 270 section 4.2.1
 */
export function decodeSoapRequest(message: Message, sha1: Sha1): DecodedCoreRequest {
  const opened = openSoap(message)
  if (!opened.ok) return { ok: false, reason: 'soap-fault', refusal: opened.refusal }
  const { element, isMtom, notes } = opened.value
  const version = versionOf(element.namespace)
  const mode = (['RealTime', 'Batch'] as const).find((one) => ELEMENTS[one].request === element.name)
  if (version === undefined || mode === undefined) return notOurs(opened.value, version)
  const decoded = decode(soapFields(opened.value), sha1, isMtom ? 'soap-mtom' : 'soap', version, notes)
  return withMode(decoded, mode, `/Envelope/Body/${element.name}/ProcessingMode`)
}

/**
 * Reads a request in the parts of a form: every fault of its envelope at once. Never throws.
 *
 * @see CAQH CORE 270 section 4.2.2
 */
export function decodeMimeRequest(message: Message, sha1: Sha1): DecodedCoreRequest {
  const form = readForm(message)
  if (!form.ok) return { ok: false, reason: 'no-form', faults: form.faults }
  return decode(form.found, sha1, 'mime', undefined, form.notes)
}

function decode(
  found: Found,
  sha1: Sha1,
  envelope: EnvelopeKind,
  version: RuleVersion | undefined,
  notes: readonly Fault[],
): DecodedCoreRequest {
  const sorted = sortFields(found)
  const metadata = readMetadata(found, sorted.byName, version)
  const { read } = metadata
  const { payload, isBase64, faults } = readPayload(found, sorted.byName, read.processingMode, sha1)
  const kind = envelope === 'soap' && isBase64 ? 'soap-base64' : envelope
  const all = [...metadata.faults, ...faults, ...sorted.faults]
  if (all.length > 0 || payload === undefined) return { ok: false, reason: 'faults', faults: all, read, kind }
  // Without a fault every field was read.
  return { ok: true, request: { ...(read as Metadata), payload }, kind, notes: [...notes, ...metadata.notes] }
}

/** The element says the mode, and the field must say the same. */
function withMode(
  decoded: DecodedCoreRequest,
  mode: Metadata['processingMode'],
  at: string,
): DecodedCoreRequest {
  const said = decoded.ok
    ? decoded.request.processingMode
    : 'read' in decoded
      ? decoded.read.processingMode
      : mode
  if (said === undefined || said === mode) return decoded
  const fault: CoreFault = {
    at,
    code: 'ProcessingModeIllegal',
    message: `expected ${mode}, as the element around it says; found ${said}`,
  }
  if (decoded.ok)
    return { ok: false, reason: 'faults', faults: [fault], read: decoded.request, kind: decoded.kind }
  return decoded.reason === 'faults' ? { ...decoded, faults: [fault, ...decoded.faults] } : decoded
}

function notOurs({ element, isMtom }: OpenedSoap, version: RuleVersion | undefined): DecodedCoreRequest {
  const at = `/Envelope/Body/${element.name}`
  const names = Object.values(ELEMENTS).map(({ request }) => request)
  const fault: CoreFault =
    version === undefined
      ? {
          at,
          code: 'VersionMismatch',
          message: `expected the namespace of a rule that is spoken here: ${Object.values(NAMESPACES).join(', ')}`,
        }
      : { at, code: 'ProcessingModeIllegal', message: `expected ${names.join(' or ')}` }
  return {
    ok: false,
    reason: 'faults',
    faults: [fault],
    read: version === undefined ? {} : { ruleVersion: version },
    kind: isMtom ? 'soap-mtom' : 'soap',
  }
}
