export type { Conditions } from './compose.ts'
export { type Contracts, openContracts } from './contracts.ts'
export type { ContractsDeps } from './deps.ts'
export type { Acting, Contract, ProductionRequest, Signature } from './model.ts'
