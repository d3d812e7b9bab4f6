export { openCaseFiles } from './case-files.ts'
export type { CaseFilesDeps } from './deps.ts'
export type {
  CaseFiles,
  DocumentList,
  EventPage,
  FollowedPage,
  FoundCases,
  LinkedDocument,
  LinkingNumber,
  Reader,
  Search,
  SentDocument,
  Unlinked,
} from './model.ts'
