export { fingerprintOf, parseIdempotencyKey } from './key.ts'
export type { Answer, Answered, Claim, OnceDeps, Result } from './model.ts'
export { KEPT_FOR_MS, once } from './once.ts'
export { pruneAnswers } from './prune.ts'
