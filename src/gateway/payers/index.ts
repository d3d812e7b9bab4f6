export { findPayer, listPayers, payerOf } from './find.ts'
export { type PayerKeys, payerKeys } from './keys.ts'
export { goesBy, type Payer } from './model.ts'
export { type PayerDraft, type SaveContext, savePayer } from './save.ts'
