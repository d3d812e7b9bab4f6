export { type KeptPepper, PEPPER_SPREADS_MS, type Pepper, type Peppers, peppersInMemory } from './pepper.ts'
export { openPeppers } from './pepper-file.ts'
export { CannotUnseal } from './seal.ts'
export { type DataKey, KeyFileUnfit, openVault, secureRandom, type Vault, vaultFromKey } from './vault.ts'
