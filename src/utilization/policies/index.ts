export { lint } from './lint.ts'
export {
  INPUTS,
  type InputName,
  type PolicyDecision,
  type PolicyInputs,
  type PublishedPolicy,
} from './model.ts'
export { type Decide, openPolicies, type Policies, type PublishContext } from './policies.ts'
