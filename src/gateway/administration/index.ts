export type { ClientSummary, Grant, GrantedProvider, Scope } from '../clients/index.ts'
export type { KeySummary, RotationOutcome } from '../signing-keys/index.ts'
export {
  type GatewayAdministration,
  type NewClient,
  openAdministration,
} from './administration.ts'
export type { AdministrationDeps } from './deps.ts'
export type { ClientOf } from './end-tokens.ts'
export { keepKeys } from './keep-keys.ts'
export type { ClientRevocation } from './revoke-client.ts'
