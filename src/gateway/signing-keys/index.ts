export { generateKey, openSigningKeys, openStored, type SigningKeys } from './open.ts'
export { hasSigningKey } from './store.ts'
