export type {
  ClientSummary,
  Grant,
  GrantedProvider,
  Rotation,
  Scope,
  SecretSummary,
} from '../clients/index.ts'
export {
  type GatewayAdministration,
  type NewClient,
  openAdministration,
} from './administration.ts'
export type { AdministrationDeps } from './deps.ts'
export type { ListedSecret } from './secrets.ts'
