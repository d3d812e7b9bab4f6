export type { Delivery } from './deliver.ts'
export type { SubscriptionsDeps } from './deps.ts'
export type { Gateways } from './gateways.ts'
export { settleProduction } from './settle.ts'
export {
  endEntitlement as endEntitlementOf,
  insertEntitlement as entitle,
} from './store.ts'
export { openSubscriptions, type Subscriptions } from './subscriptions.ts'
export { hashOf, pricesInWords } from './terms.ts'
