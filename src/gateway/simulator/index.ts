export { type SeedContext, type Seeded, seedSandbox } from './seed.ts'
