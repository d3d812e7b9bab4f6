export { openDocuments } from './documents.ts'
export { MEDIA_TYPES, type MediaType, mediaTypeOf } from './media-type.ts'
export { type CaseDocument, type Documents, MOST_DOCUMENTS } from './model.ts'
