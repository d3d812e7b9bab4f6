export { memberKey, patientOf, requesterOf, written } from './lookup.ts'
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
export { instantOf, momentOf, openJson, sealJson } from './sealing.ts'
