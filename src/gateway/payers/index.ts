export { directory, entryOf, isReachable } from './directory.ts'
export type {
  DirectoryEntry,
  Outage,
  PayerIdentifier,
  Plan,
} from './entry.ts'
export { findByOwnId, findPayer, listPayers, payerOf } from './find.ts'
export { type DirectoryImport, type DirectoryImported, importDirectory } from './import-directory.ts'
export { type PayerKeys, payerKeys } from './keys.ts'
export { goesBy, isAskedElsewhere, type Payer } from './model.ts'
export { type Announcement, announceOutage, endOutage } from './outages.ts'
export { type PayerDraft, type SaveContext, savePayer } from './save.ts'
export { PAYER_OPERATIONS, type PayerOperation, WAYS, type Way } from './ways.ts'
