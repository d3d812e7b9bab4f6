export { type ImportContext, importRules, wasImported } from './import.ts'
export type { AskedCode, Need, RuleImport } from './model.ts'
export { openRules, type Rules } from './rules.ts'
