import { Problem } from '../../../kernel/problem.ts'
import { type Caller, requireProvider, requireScopes } from '../../access/index.ts'
import type { Item, RunItem } from '../../batches/index.ts'
import type { Asking } from '../../exchange/index.ts'
import { INQUIRY } from '../json-v1/operations/inquiry.ts'
import type { Askable, Operation, Spelt, Told, WriteBoth } from '../json-v1/operations/model.ts'
import { NOTICE } from '../json-v1/operations/notice.ts'
import { SUBMISSION } from '../json-v1/operations/submission.ts'
import { readAsX12 } from '../json-v1/reading.ts'
import { steerableOf } from '../json-v1/steerable.ts'
import { writerFor } from '../json-v1/write-both.ts'
import type { DoorDeps } from '../model.ts'
import { steer } from '../steer.ts'

/** Has a transaction of a file answered as the compatible door of its guide answers it, in X12. */
export function interchangeRunner(deps: DoorDeps): RunItem {
  return (item, caller) => {
    const text = Buffer.from(item.body).toString('utf8')
    switch (/005010X(21[567])/.exec(text)?.[1]) {
      case '217':
        return prepared(deps, SUBMISSION, text, item, caller)
      case '215':
        return prepared(deps, INQUIRY, text, item, caller)
      case '216':
        return prepared(deps, NOTICE, text, item, caller)
      default:
        throw new Problem('request/invalid', 'The transaction is of no guide that is read here.')
    }
  }
}

async function prepared<T extends Askable, R extends Told>(
  deps: DoorDeps,
  operation: Operation<T, R>,
  text: string,
  item: Item,
  caller: Caller,
): ReturnType<RunItem> {
  requireScopes(caller, [operation.scope])
  const asked = readAsX12(operation, { body: { x12: text } }, deps)
  if (operation.inNameOf !== 'nobody') requireProvider(caller, operation.inNameOf(asked.value))
  const scenario = await steer(deps, caller.organizationId, undefined, steerableOf(operation, asked))
  const { format, raw, notes, value } = asked
  const asking: Asking = {
    caller,
    requestId: item.requestId,
    door: 'resources',
    format,
    raw,
    notes,
    ...(scenario && { scenario }),
  }
  const writeBoth = writerFor(deps, asked, deps.clock.now())
  let spelt: Spelt | undefined
  const write: WriteBoth = (answer, x12, json) => {
    spelt = writeBoth(answer, x12, json)
    return spelt
  }
  return {
    operation: operation.name,
    work: async (tx) => {
      const told = await operation.answer(deps.exchange, tx, {
        asking,
        asked: value,
        query: {},
        insists: false,
        write,
        kept: ({ x12 }) => Buffer.from(x12, 'utf8'),
      })
      operation.envelope(told, write)
      const on = told.authorizationId ?? told.admissionId
      return { status: 200, body: spelt?.x12 ?? '', ...(on === undefined ? {} : { on }) }
    },
  }
}
