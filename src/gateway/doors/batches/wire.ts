import type { Instant } from '../../../kernel/time.ts'
import type { Batch, EndedItem } from '../../batches/index.ts'

/** A batch as `GET /v1/batches/{id}` answers it. Moments are ISO 8601 in UTC; what is absent is left out. */
export function batchResource(batch: Batch): object {
  const { id, format, state, clientId, bytes, counts, receivedAt, startedAt, finishedAt, expiresAt } = batch
  const self = `/v1/batches/${id}`
  return {
    id,
    format,
    state: state === 'open' ? (startedAt === undefined ? 'waiting' : 'running') : state,
    clientId,
    bytes,
    items: counts,
    receivedAt: moment(receivedAt),
    ...(startedAt === undefined ? {} : { startedAt: moment(startedAt) }),
    ...(finishedAt === undefined ? {} : { finishedAt: moment(finishedAt) }),
    expiresAt: moment(expiresAt),
    links: {
      self,
      items: `${self}/items`,
      answers: `${self}/answers`,
      ...(state === 'open' ? { cancel: `${self}/cancel` } : {}),
    },
  }
}

/**
 * What became of an item.
 *
 * @param problemBaseUrl where the pages about problems are
 */
export function itemResource(
  { item, place, status, operation, on, problem }: EndedItem,
  problemBaseUrl: string,
) {
  return {
    item,
    ...place,
    status,
    ...(operation === undefined ? {} : { operation }),
    ...(on === undefined ? {} : { id: on }),
    ...(problem === undefined ? {} : { problem: { type: `${problemBaseUrl}/${problem.code}`, ...problem } }),
  }
}

/** The same with its answer, as the JSON text of one line. */
export function itemLine(ended: EndedItem, problemBaseUrl: string): string {
  const head = JSON.stringify(itemResource(ended, problemBaseUrl)).slice(0, -1)
  const { answer } = ended
  if (!answer) return `${head}}\n`
  return `${head},"httpStatus":${answer.status},"answer":${answer.body}}\n`
}

function moment(instant: Instant): string {
  return new Date(instant).toISOString()
}
