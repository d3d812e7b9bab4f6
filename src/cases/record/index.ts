export type { CaseRecord, CaseSearch, Exchange, OpenDuplicate, RecordDeps } from './model.ts'
export { openRecord } from './record.ts'
