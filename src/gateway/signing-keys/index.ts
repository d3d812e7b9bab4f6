export { generateKey } from './generate.ts'
export { type LiveSigningKeys, openSigningKeys, openStored, type SigningKeys } from './open.ts'
export {
  type KeySummary,
  keepKeys,
  listKeys,
  type RotationOutcome,
  rotateKeys,
} from './rotate.ts'
export { hasSigningKey } from './store.ts'
export { dueAt, JWKS_MAX_AGE_SECONDS, LONGEST_TOKEN_SECONDS } from './timeline.ts'
