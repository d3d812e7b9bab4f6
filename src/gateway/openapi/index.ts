export { isOperation } from './document.ts'
export { openApiRoutes } from './routes.ts'
