export type { Delivery } from './deliver.ts'
export type { SubscriptionsDeps } from './deps.ts'
export type {
  ClientSummary,
  GatewayAdministration,
  Gateways,
  Grant,
  NewClient,
} from './gateway.ts'
export { openSubscriptions, type Subscriptions } from './subscriptions.ts'
