/**
 * The life of a case: which state follows which, and the moves themselves, as functions from a case to a case. The front
 * door of `lifecycle/`.
 */
export { isAdverse, requireAuthority } from './lifecycle/authority.ts'
export {
  type Appealable,
  appeal,
  type Cancellable,
  cancel,
  type Supersedable,
  supersede,
} from './lifecycle/follow-up.ts'
export {
  abandon,
  askedOn,
  type Delivery,
  forward,
  type PayersTerms,
  payerHas,
  payerRefuses,
  relay,
  retryLater,
} from './lifecycle/forward.ts'
export { type FollowUp, followUpOf, possibleFollowUps } from './lifecycle/possible.ts'
export { participantsOf, type Reception, receive } from './lifecycle/receive.ts'
export { reject, settle, type Terms } from './lifecycle/settle.ts'
export { isExpired, isOverdue, isUsedUp } from './lifecycle/standing.ts'
export { OPEN_STATES, requireMove, TRANSITIONS } from './lifecycle/transitions.ts'
