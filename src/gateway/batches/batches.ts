import { cancelBatch } from './cancel.ts'
import type { BatchesDeps } from './deps.ts'
import type {
  Batch,
  BatchFormat,
  BatchId,
  BatchPage,
  BatchReader,
  ItemPage,
  ItemStatus,
  RunItem,
  Upload,
} from './model.ts'
import { listBatches, listItems, openAnswers, readBatch } from './read.ts'
import { beginUpload } from './upload.ts'
import { work } from './work.ts'

/** Many requests sent at once. What one company sent, no other finds. */
export interface Batches {
  begin(reader: BatchReader, format: BatchFormat): Promise<Upload>
  /** @throws Problem `state/not-found` */
  read(reader: BatchReader, id: BatchId): Promise<Batch>
  /** Newest first. @throws Problem `request/invalid` the cursor is none of it */
  list(reader: BatchReader, asked: { readonly cursor?: string; readonly limit: number }): Promise<BatchPage>
  /** @throws Problem `state/not-found`; `request/invalid` the cursor is none of it */
  items(
    reader: BatchReader,
    id: BatchId,
    asked: { readonly status?: ItemStatus; readonly cursor?: string; readonly limit: number },
  ): Promise<ItemPage>
  /** @throws Problem `state/not-found` */
  answers(reader: BatchReader, id: BatchId): ReturnType<typeof openAnswers>
  /** @throws Problem `state/not-found`; `state/not-allowed` */
  cancel(reader: BatchReader, id: BatchId): Promise<Batch>
  /** Works through what waits. @returns how many items ended */
  work(run: RunItem, goesOn?: () => boolean): Promise<number>
}

export function openBatches(deps: BatchesDeps): Batches {
  return {
    begin: (reader, format) => beginUpload(deps, reader, format),
    read: (reader, id) => readBatch(deps, reader, id),
    list: (reader, asked) => listBatches(deps, reader, asked),
    items: (reader, id, asked) => listItems(deps, reader, id, asked),
    answers: (reader, id) => openAnswers(deps, reader, id),
    cancel: (reader, id) => cancelBatch(deps, reader, id),
    work: (run, goesOn = () => true) => work(deps, run, goesOn),
  }
}
