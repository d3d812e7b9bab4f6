export {
  type OperatorParty,
  packFor,
  type Template,
} from './model.ts'
export { renderTemplate, type Values } from './render.ts'
export { findCurrent as currentTemplates } from './store.ts'
