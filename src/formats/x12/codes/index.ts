/** Code lists of the guides beside our own words, and codes that anybody may publish. */
export { ACTIONS } from './actions.ts'
export { type CodeTable, codeTable, list } from './code-table.ts'
export {
  CATEGORIES,
  CONDITIONS,
  GENDERS,
  IDENTIFIERS,
  NEAREST_PROVIDER_ROLES,
  NEAREST_PROVIDER_WORDS,
  PROVIDERS,
  PURPOSES,
  REFERENCES,
  REQUESTERS,
  STOPS,
  URGENCIES,
  YES_OR_NO,
} from './codes.ts'
export { isPlaceOfService, isState } from './public-codes.ts'
