export { rulesFor } from './find.ts'
export { type ImportContext, importRules, wasImported } from './import.ts'
export type { AskedCode, RuleImport } from './model.ts'
