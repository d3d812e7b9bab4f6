export type { Delivery } from './deliver.ts'
export type { SubscriptionsDeps } from './deps.ts'
export type { Gateways } from './gateways.ts'
export { openSubscriptions, type Subscriptions } from './subscriptions.ts'
