export type { Product } from './model.ts'
export { products } from './store.ts'
