export { memberKey, patientOf, requesterOf, written } from './lookup.ts'
export type {
  CaseFilter,
  CaseRecord,
  CaseSearch,
  CaseSummary,
  EventPlace,
  Exchange,
  FollowedEvent,
  LineSearch,
  OpenDuplicate,
  RecordDeps,
  ToldFilter,
} from './model.ts'
export { ChangePending } from './model.ts'
export { openRecord } from './record.ts'
export { instantOf, momentOf, openJson, sealJson } from './sealing.ts'
