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
export type { ListedUpstream, UpstreamDraft } from '../connectors/index.ts'
export type { PayersInScope, WhoSaw } from '../exchange/index.ts'
export type { DirectoryEntry } from '../payers/index.ts'
export type { KeySummary, RotationOutcome } from '../signing-keys/index.ts'
export {
  type GatewayAdministration,
  type NewClient,
  openAdministration,
} from './administration.ts'
export type { AdvancedClock, ClockAdvance } from './advance-clock.ts'
export type { NewKeyClient } from './create-key-client.ts'
export type { AdministrationDeps } from './deps.ts'
export type { ClientOf } from './end-tokens.ts'
export { keepKeys } from './keep-keys.ts'
export { PART_NAMES, YEAR_MS } from './operations.ts'
export {
  openRemoteAdministration,
  type RemoteAdministration,
  type RemoteAdministrationOptions,
} from './remote.ts'
export { type ClientRevocation, REVOCATION_REASONS, type RevocationReason } from './revoke-client.ts'
export type { ListedSecret } from './secrets.ts'
export type { ScenarioOf } from './set-scenario.ts'
export type { RecordSearch } from './who-saw.ts'
