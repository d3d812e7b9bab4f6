export { LimitReached } from './limit-reached.ts'
export { type Disclose, type Limits, openLimits, type Refusal } from './open.ts'
export { POLICIES, type Policy, type PolicyName, type Quotas } from './policies.ts'
