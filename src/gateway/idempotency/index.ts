export { fingerprintOf, parseIdempotencyKey } from './key.ts'
export type { Answer, Answered, Claim, OnceDeps, Onward, Result, Work } from './model.ts'
export { asked, KEPT_FOR_MS, once } from './once.ts'
export { pruneAnswers } from './prune.ts'
