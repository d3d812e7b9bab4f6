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
export { pruneAssertions } from './prune-assertions.ts'
export { type KeySetFetcher, openPublishedKeys, type PublishedKeys } from './published-keys.ts'
export { type ClientRequest, type RegisteredClient, type Registrar, registerClient } from './register.ts'
export {
  type KeyClientRequest,
  type KeysRequest,
  type RegisteredKeyClient,
  registerKeyClient,
  replaceKeys,
} from './register-keys.ts'
export { hashSecret, secretKeyId } from './secret-hash.ts'
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
  touchSecret,
} from './store.ts'
