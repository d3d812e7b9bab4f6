export type { Plan, PlanKind, Price, Product } from './model.ts'
export { choose } from './plans.ts'
export { plans, products } from './store.ts'
export { PRICE } from './wire.ts'
