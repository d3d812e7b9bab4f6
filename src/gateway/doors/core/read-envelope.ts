import { createHash } from 'node:crypto'
import {
  type DecodedCoreRequest,
  decodeMimeRequest,
  decodeSoapRequest,
  type Guide,
  guideOfType,
  type Message,
  requestTypeOf,
  type Sha1,
} from '../../../formats/core-envelope/index.ts'
import { EnvelopeRefused, refuseEnvelope } from './refused.ts'

/** CAQH CORE's checksum; it keeps nobody from anything, so that its age does not matter. */
export const sha1: Sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex')

/** The two envelopes, each a path of its own. */
export type EnvelopePath = 'soap' | 'mime'

export type ReadEnvelope = Extract<DecodedCoreRequest, { readonly ok: true }>

/**
 * Reads the envelope of a request in real time.
 *
 * @throws EnvelopeRefused every fault of it at once
 */
export function readEnvelope(path: EnvelopePath, message: Message): ReadEnvelope {
  const decoded = path === 'soap' ? decodeSoapRequest(message, sha1) : decodeMimeRequest(message, sha1)
  if (!decoded.ok) throw new EnvelopeRefused(decoded)
  const { request, kind } = decoded
  if (request.processingMode === 'Batch')
    throw refuseEnvelope(request, kind, {
      at: placeOf(path, 'COREEnvelopeBatchSubmission', 'ProcessingMode'),
      code: 'ProcessingModeIllegal',
      message: 'batches are not taken in an envelope',
      remedy: 'Send each interchange for itself, with RealTime.',
    })
  return decoded
}

/**
 * The guide that the envelope names, which the interchange must be of.
 *
 * @throws EnvelopeRefused `PayloadTypeIllegal`
 */
export function guideOf(path: EnvelopePath, { request, kind }: ReadEnvelope): Guide {
  const { payloadType, payload } = request
  const within = requestTypeOf(payload)
  const guide = guideOfType(payloadType)
  if (guide === undefined || (within !== undefined && guideOfType(within) !== guide))
    throw refuseEnvelope(request, kind, {
      at: placeOf(path, 'COREEnvelopeRealTimeRequest', 'PayloadType'),
      code: 'PayloadTypeIllegal',
      message: `the interchange is ${within ?? 'of no guide that is read here'}`,
      remedy: 'Name what the payload holds.',
    })
  return guide
}

function placeOf(path: EnvelopePath, element: string, field: string): string {
  return path === 'soap' ? `/Envelope/Body/${element}/${field}` : `part ${field}`
}
