export type {
  ClientSummary,
  Grant,
  GrantedProvider,
  KeySetSummary,
  KeysWanted,
  Rotation,
  Scope,
  SecretSummary,
} from '../clients/index.ts'
export {
  type GatewayAdministration,
  type NewClient,
  openAdministration,
} from './administration.ts'
export type { NewKeyClient } from './create-key-client.ts'
export type { AdministrationDeps } from './deps.ts'
export type { ListedSecret } from './secrets.ts'
