export { actFor, requireProvider, sessionOf } from './act-for.ts'
export { PATHS } from './metadata.ts'
export type { Caller } from './model.ts'
export { type Access, type AccessDeps, openAccess } from './open.ts'
