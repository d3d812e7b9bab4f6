export { type Connectors, openConnectors } from './connectors.ts'
export { localConnector } from './local.ts'
export type { Connector, Failure, Message, Prepared, Reply, Task } from './model.ts'
export {
  MOST_POLLS,
  type NewOutgoing,
  type Outgoing,
  type OutgoingChange,
  pollAfterMs,
  retryAfterMs,
} from './outbox.ts'
export {
  insertMessage,
  isUnderWay,
  lockMessage,
  openMessageOf,
  takeDue,
  updateMessage,
} from './outbox-store.ts'
export { type PayersAnswer, tracesOf } from './read-reply.ts'
export { selectUpstream } from './store.ts'
export { ENVELOPES, type Upstream } from './upstream.ts'
export {
  type ListedUpstream,
  listUpstreams,
  removeUpstream,
  setUpstream,
  type UpstreamDraft,
} from './upstreams.ts'
