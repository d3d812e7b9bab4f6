export { isClientId, isForeign, isSecret, mintSecret } from './credential.ts'
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
export { pruneRevokedTokens } from './prune-revoked-tokens.ts'
export { type ClientRequest, type RegisteredClient, type Registrar, registerClient } from './register.ts'
export { type RevokedToken, raiseEpoch, saveRevokedToken } from './revocation-store.ts'
export { hashSecret, secretKeyId } from './secret-hash.ts'
export {
  type ClientRecord,
  type ClientSummary,
  clientsOf,
  findClient,
  readChanges,
  type StandingChanges,
  type StoredSecret,
  saveGrant,
  touchSecret,
} from './store.ts'
