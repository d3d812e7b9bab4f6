/**
 * X12 275: additional information, with its objects. It has a reader of its own, as an object may hold any bytes at all.
 */
export { decodeAttachments } from './decode.ts'
export type { AttachedObject, AttachmentBudget, NamedNumber, ReceivedAttachments } from './model.ts'
export { withFaults } from './refuse.ts'
