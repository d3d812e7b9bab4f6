export type {
  CaseFilter,
  CaseRecord,
  CaseSearch,
  CaseSummary,
  Exchange,
  OpenDuplicate,
  RecordDeps,
} from './model.ts'
export { openRecord } from './record.ts'
