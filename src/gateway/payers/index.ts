export { directory, entryOf, isReachable } from './directory.ts'
export {
  type DirectoryEntry,
  type Outage,
  PAYER_OPERATIONS,
  type PayerIdentifier,
  type PayerOperation,
  type Plan,
  WAYS,
  type Way,
} from './entry.ts'
export { findByOwnId, findPayer, listPayers, payerOf } from './find.ts'
export { type DirectoryImport, type DirectoryImported, importDirectory } from './import-directory.ts'
export { type PayerKeys, payerKeys } from './keys.ts'
export { goesBy, type Payer } from './model.ts'
export { type Announcement, announceOutage, endOutage } from './outages.ts'
export { type PayerDraft, type SaveContext, savePayer } from './save.ts'
