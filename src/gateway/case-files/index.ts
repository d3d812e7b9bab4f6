export { openCaseFiles } from './case-files.ts'
export type { CaseFilesDeps } from './deps.ts'
export type {
  CaseFiles,
  DocumentList,
  EventPage,
  FollowedPage,
  FoundCases,
  Reader,
  Search,
  SentDocument,
} from './model.ts'
