/**
 * CAQH CORE Connectivity: the envelopes in which an interchange travels over HTTP, SOAP 1.2 (with MTOM or without) and MIME, of
 * Phase II (270, 2.2.0) and Phase IV (470, 4.0.0). Bytes in, values out, and back; pure, and never throws on bytes.
 *
 * For a client, such as the connector to an upstream:
 *
 *     wrap({ envelope, interchange, senderId, receiverId, payloadId, at, ruleVersion?, payloadType? })
 *       -> { contentType, headers, body }         envelope: 'soap' | 'soap-base64' | 'soap-mtom' | 'mime'; body: Uint8Array
 *     unwrap({ contentType, body })
 *       -> { ok: true, interchange, payloadType, payloadId } | { ok: false, error, message }
 *
 * @see docs/decisions/0033-envelopes.md
 */

export { type ToWrap, type Unwrapped, unwrap, type Wrapped, wrap } from './client.ts'
export { type DecodedCoreRequest, decodeMimeRequest, decodeSoapRequest } from './decode-request.ts'
export { encodeCoreRequest, encodeCoreResponse } from './encode.ts'
export { encodeSoapFault, soapFaultStatus } from './encode-soap-fault.ts'
export type {
  CoreCode,
  CoreFault,
  CoreRequest,
  CoreResponse,
  EnvelopeKind,
  Message,
  Metadata,
  ProcessingMode,
  RuleVersion,
  Sha1,
} from './model.ts'
export {
  ACKNOWLEDGEMENT_TYPES,
  answerType,
  ERROR_TYPE,
  type Guide,
  guideOfType,
  requestTypeOf,
} from './payload-types.ts'
