/** ISA, GS and ST: taken off and checked, and put on. */

export { type Envelope, GUIDE_NAMES, type Usage } from './envelope.ts'
export {
  type EnvelopeHandler,
  EnvelopeReader,
  type FoundTransaction,
  type OpenGroup,
  type OpenInterchange,
} from './envelope-reader.ts'
export { type Interchange, open278, openInterchange, requireGroupKind } from './interchange.ts'
export { controlNumbers, headerRow, sealGroups, sealInterchange, transactionRows } from './seal.ts'
