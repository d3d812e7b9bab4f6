export { batchRoutes } from './batches/routes.ts'
export { itemRunner } from './batches/run-item.ts'
export { coreRoutes } from './core/routes.ts'
export { compatibleRoutes } from './json-v1/routes.ts'
export type { DoorDeps } from './model.ts'
export { FAULT } from './resources/answer-parts.ts'
export { ADMISSION, AUTHORIZATION, DETERMINATION, PAYER_PAGE } from './resources/answer-schemas.ts'
export {
  ATTACHED,
  DOCUMENT,
  DOCUMENT_LIST,
  EVENT_PAGE,
  EXCHANGE_LIST,
  FOUND_CASES,
} from './resources/case-files-schemas.ts'
export { resourceRoutes } from './resources/routes.ts'
