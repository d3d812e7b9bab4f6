export { type DataKey, openVault, secureRandom, type Vault, vaultFromKey } from './vault.ts'
