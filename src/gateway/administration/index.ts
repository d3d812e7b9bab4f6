export type {
  ClientSummary,
  Grant,
  GrantedProvider,
  KeySetSummary,
  KeysWanted,
  Scope,
} from '../clients/index.ts'
export {
  type GatewayAdministration,
  type NewClient,
  openAdministration,
} from './administration.ts'
export type { NewKeyClient } from './create-key-client.ts'
export type { AdministrationDeps } from './deps.ts'
export { PART_NAMES } from './operations.ts'
export {
  openRemoteAdministration,
  type RemoteAdministration,
  type RemoteAdministrationOptions,
} from './remote.ts'
