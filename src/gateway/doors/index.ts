export { coreRoutes } from './core/routes.ts'
export { compatibleRoutes } from './json-v1/routes.ts'
export type { DoorDeps } from './model.ts'
export { resourceRoutes } from './resources/routes.ts'
