export { checkSeal, type Seal } from './check.ts'
export { sealPdf } from './seal.ts'
export { makeSealKey, type SealKey } from './seal-key.ts'
