export type { OperatorsDeps } from './deps.ts'
export { type Authority, type GrantedRole, OPERATOR_ROLES, type OperatorRole } from './model.ts'
export { type Operators, openOperators } from './operators.ts'
