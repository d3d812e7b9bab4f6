export type {
  InputName,
  PolicyDecision,
  PolicyInputs,
  PublishedPolicy,
} from './model.ts'
export { type Decide, openPolicies, type Policies, type PublishContext, publishPolicy } from './policies.ts'
