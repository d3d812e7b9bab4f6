import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../../../kernel/problem.ts'
import { type Caller, requireScopes } from '../../access/index.ts'
import { type BatchFormat, type NewItem, UPLOAD, type Upload } from '../../batches/index.ts'
import type { Scope } from '../../clients/index.ts'
import type { DoorDeps } from '../model.ts'
import { sendOnce } from '../resources/answer-once.ts'
import { takeInterchanges } from './interchanges.ts'
import { meter, tooLarge } from './meter.ts'
import { itemsOfLines } from './ndjson.ts'
import { batchResource } from './wire.ts'

/** By media type, what an upload is, and how its items are taken out of it. */
export const UPLOADS: Readonly<
  Record<
    string,
    {
      readonly format: BatchFormat
      readonly take: (pieces: AsyncIterable<Uint8Array>, upload: Upload) => Promise<void>
    }
  >
> = {
  'application/x-ndjson': {
    format: 'ndjson',
    take: (pieces, upload) => addAll(itemsOfLines(pieces), upload),
  },
  'application/edi-x12': { format: 'x12', take: takeInterchanges },
}

/** Each item needs the scope of what it asks for, looked at when its turn comes; of these, at least one is needed to send any. */
const OPERATING: readonly Scope[] = ['pa:submit', 'pa:determine', 'pa:admit', 'pa:inquire']

/** @throws Problem `access/scope-missing` */
export function requireOperating(caller: Caller): void {
  if (!OPERATING.some((scope) => caller.scopes.has(scope))) requireScopes(caller, OPERATING)
}

/**
 * Takes an upload in as it comes, and answers once it is kept whole. One that breaks off, or is refused on the way,
 * leaves nothing.
 *
 * @throws Problem `request/too-large`, `request/too-many`, `request/invalid`, `request/media-type`
 */
export async function receive(
  deps: DoorDeps,
  caller: Caller,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const known = UPLOADS[type]
  if (!known) throw otherType()
  if (Number(request.headers['content-length'] ?? 0) > UPLOAD.bytes) throw tooLarge()
  const metered = meter(request.body as Parameters<typeof meter>[0])
  const upload = await deps.batches.begin({ caller, requestId: request.id }, known.format)
  let isReceived = false
  try {
    await known.take(metered.pieces, upload)
    const sent = await sendOnce(
      deps,
      caller,
      request,
      reply,
      async (tx) => {
        const batch = await upload.receive(tx, metered.bytes)
        return {
          answer: {
            status: 202,
            headers: {
              'content-type': 'application/json; charset=utf-8',
              location: `/v1/batches/${batch.id}`,
            },
            body: JSON.stringify(batchResource(batch)),
          },
        }
      },
      false,
      metered.digest(),
    )
    isReceived = true
    return sent
  } finally {
    // A no-op for what was received; an upload that was sent again was answered by what was kept of the first.
    await upload.discard().catch((error: unknown) => {
      request.log.warn({ err: error, isReceived }, 'what is left of an upload is removed later')
    })
  }
}

export function otherType(): Problem {
  return new Problem('request/media-type', `Send the batch as ${Object.keys(UPLOADS).join(' or ')}.`)
}

/** Items that are kept in one transaction: so many, or of so many bytes. */
const TOGETHER = { items: 100, bytes: 512 * 1024 }

/** Keeps items as they come. */
async function addAll(items: AsyncIterable<NewItem>, upload: Upload): Promise<void> {
  let held: NewItem[] = []
  let bytes = 0
  for await (const item of items) {
    held.push(item)
    bytes += item.body?.length ?? 0
    if (held.length < TOGETHER.items && bytes < TOGETHER.bytes) continue
    await upload.add(held)
    held = []
    bytes = 0
  }
  await upload.add(held)
}
