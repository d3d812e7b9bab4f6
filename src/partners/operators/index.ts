export type { OperatorsDeps } from './deps.ts'
export type { Authority, GrantedRole, OperatorRole } from './model.ts'
export { type Operators, openOperators } from './operators.ts'
