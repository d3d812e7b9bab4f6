export { CannotUnseal } from './seal.ts'
export { type DataKey, KeyFileUnfit, openVault, secureRandom, type Vault, vaultFromKey } from './vault.ts'
