import type { Fault } from '../../kernel/result.ts'
import type { Instant } from '../../kernel/time.ts'

/** CAQH CORE 270 (Phase II) is 2.2.0; CAQH CORE 470 (Phase IV) is 4.0.0. */
export type RuleVersion = '2.2.0' | '4.0.0'

export type ProcessingMode = 'RealTime' | 'Batch'

/**
 * The four ways in which a payload travels: SOAP 1.2 with the interchange as text, or in base64; SOAP 1.2 with the interchange
 * beside it (MTOM); the parts of a form.
 */
export type EnvelopeKind = 'soap' | 'soap-base64' | 'soap-mtom' | 'mime'

/** The fields of an envelope, in the order that the schema gives them. @see CAQH CORE 270 section 4.4.2 */
export const FIELDS = [
  'PayloadType',
  'ProcessingMode',
  'PayloadID',
  'PayloadLength',
  'TimeStamp',
  'SenderID',
  'ReceiverID',
  'CORERuleVersion',
  'CheckSum',
  'Payload',
  'ErrorCode',
  'ErrorMessage',
] as const
export type FieldName = (typeof FIELDS)[number]

/**
 * How an envelope fared, in the rule's own words.
 *
 * @see CAQH CORE 270 section 4.3.3, error handling
 */
export type CoreCode =
  | 'Success'
  | 'VersionMismatch'
  | 'UnAuthorized'
  | 'ChecksumMismatched'
  | `${FieldName}Required`
  | `${FieldName}Illegal`
  | `${string}NotUnderstood`

export interface CoreFault extends Fault {
  readonly code: CoreCode
}

/** What an envelope says of its payload. */
export interface Metadata {
  readonly payloadType: string
  readonly processingMode: ProcessingMode
  /** A UUID that the sender gave this payload; the answer repeats it. */
  readonly payloadId: string
  readonly timeStamp: Instant
  readonly senderId: string
  readonly receiverId: string
  readonly ruleVersion: RuleVersion
}

export interface CoreRequest extends Metadata {
  /** The interchange, or several of a batch, as text. */
  readonly payload: string
}

export interface CoreResponse extends Metadata {
  /** Absent when there is nothing but an error to tell. */
  readonly payload?: string
  readonly errorCode: CoreCode
  readonly errorMessage: string
}

/** A body and its media type, as HTTP carries them. */
export interface Message {
  readonly contentType: string
  readonly body: Uint8Array
}

/** Why a SOAP message gets a SOAP fault. @see SOAP 1.2 Part 1 section 5.4.6 */
export type SoapFaultCode = 'VersionMismatch' | 'MustUnderstand' | 'Sender' | 'Receiver'

/** SHA-1 of bytes, in lower-case hexadecimal: handed in, as the pure rooms import nothing. */
export type Sha1 = (bytes: Uint8Array) => string
