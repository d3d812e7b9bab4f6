export { isAllowed, networkOf } from './addresses.ts'
export { type AccessAlert, alertsOf, markAcknowledged } from './alert-store.ts'
export {
  type AllowedAddresses,
  allowAddresses,
} from './allow-addresses.ts'
export { isClientId, isForeign, isSecret, mintSecret } from './credential.ts'
export { ALGORITHMS, type Algorithm, type ClientKey, isAlgorithm } from './key.ts'
export { chooseKey, type KeySet, type KeysWanted } from './key-set.ts'
export { findKeySet, spendAssertion, touchKeySet } from './key-store.ts'
export {
  type ClientStanding,
  type Grant,
  type GrantedProvider,
  type GrantTerms,
  isLive,
  providersInForce,
  SCOPES,
  type Scope,
  scopesInForce,
} from './model.ts'
export { noteUse, raiseOnceAnHour, type SecretUse } from './note-use.ts'
export { pruneAssertions } from './prune-assertions.ts'
export { pruneRevokedTokens } from './prune-revoked-tokens.ts'
export { type KeySetFetcher, openPublishedKeys, type PublishedKeys } from './published-keys.ts'
export { type ClientRequest, type RegisteredClient, registerClient } from './register.ts'
export {
  type KeyClientRequest,
  type KeysRequest,
  type RegisteredKeyClient,
  registerKeyClient,
  replaceKeys,
} from './register-keys.ts'
export type { Registrar } from './registrar.ts'
export { type RevokedToken, raiseEpoch, saveRevokedToken } from './revocation-store.ts'
export { revokeLeaked } from './revoke-leaked.ts'
export { revokeSecret, type SecretRevocation } from './revoke-secret.ts'
export { type Rotation, type RotationRequest, rotateSecret } from './rotate-secret.ts'
export { firstPepper, matchSecret } from './secret-hash.ts'
export {
  lookingFor,
  type SecretSummary,
  secretsByPepper,
  secretsOf,
} from './secret-store.ts'
export {
  type ClientRecord,
  type ClientSummary,
  clientsOf,
  findClient,
  type KeySetSummary,
  readChanges,
  type StandingChanges,
  type StoredSecret,
  saveGrant,
} from './store.ts'
