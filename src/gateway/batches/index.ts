export { type Batches, openBatches } from './batches.ts'
export {
  type Batch,
  type BatchFormat,
  type BatchId,
  type BatchReader,
  type EndedItem,
  type Item,
  type ItemAnswer,
  type ItemPlace,
  type ItemStatus,
  KEPT_DAYS,
  MOST_OPEN,
  type NewItem,
  type RunItem,
  UPLOAD,
  type Upload,
} from './model.ts'
export { pruneBatches } from './prune.ts'
export { noSuchBatch } from './read.ts'
