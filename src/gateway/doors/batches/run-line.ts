import type { TSchema } from 'typebox'
import { record } from '../../../audit/index.ts'
import { readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import type { Tx } from '../../../platform/database/index.ts'
import { readJson, schemaFaults } from '../../../platform/http/index.ts'
import { type Caller, requireScopes } from '../../access/index.ts'
import type { Item, ItemAnswer, RunItem } from '../../batches/index.ts'
import type { Scope } from '../../clients/index.ts'
import { type Determined, noteOf } from '../../exchange/index.ts'
import type { Result } from '../../idempotency/index.ts'
import type { DoorDeps } from '../model.ts'
import { noticeIn, taken } from '../resources/admissions.ts'
import { ABOUT_A_CASE, submitted } from '../resources/answer-once.ts'
import { steerableBy } from '../resources/create.ts'
import {
  determinationResource,
  QUESTION,
  type QuestionBody,
  questionOf,
  unknownPayer,
} from '../resources/determinations.ts'
import { ACTIONS, requestFor } from '../resources/follow-up.ts'
import { checked, requestOf } from '../resources/request-body.ts'
import { rulesBroken } from '../resources/request-rules.ts'
import { CREATE } from '../resources/request-schema.ts'
import { steer } from '../steer.ts'
import { TYPED_LINE } from './schemas.ts'

/** What a line asks, whichever of its two spellings it has. */
interface Line {
  readonly operation: string
  readonly body: unknown
  readonly authorizationId?: string
  readonly allowDuplicate?: boolean
  /** Where its body stands in the line. */
  readonly at: '' | '/body'
}

type Work = (tx: Tx) => Promise<ItemAnswer>
interface LineOperation {
  readonly scope: Scope
  readonly prepare: (line: Line, item: Item, caller: Caller) => Promise<Work>
}

/** Has a line answered as the door of one request answers its body. */
export function lineRunner(deps: DoorDeps): RunItem {
  const isTyped = schemaFaults(TYPED_LINE)
  const operations = operationsOf(deps)
  return async (item, caller) => {
    const line = lineOf(readJson(Buffer.from(item.body)), isTyped)
    const found = operations[line.operation]
    if (!found) throw new Error(`a line asks for ${line.operation}`)
    requireScopes(caller, [found.scope])
    const placed = (error: unknown): never => {
      throw placedIn(line, error)
    }
    const work = await found.prepare(line, item, caller).catch(placed)
    return { operation: line.operation, work: (tx) => work(tx).catch(placed) }
  }
}

/** A line without an operation is a request for authorization. */
function lineOf(value: unknown, isTyped: (value: unknown) => readonly Fault[]): Line {
  if (typeof value !== 'object' || value === null || !('operation' in value))
    return { operation: 'authorization', body: value, at: '' }
  const faults = isTyped(value)
  if (faults.length === 0) return { ...(value as Omit<Line, 'at'>), at: '/body' }
  throw new Problem('request/invalid', 'The line is none of those that a batch takes.', {
    faults: [
      {
        at: '/operation',
        message: `expected an operation, its body, and with a follow-up its authorizationId`,
        remedy: `The operations are ${['authorization', 'determination', 'admission', ...ACTIONS.map(({ name }) => name)].join(', ')}.`,
      },
    ],
  })
}

/** Faults of a body, as places in the line that it came in. */
function placedIn({ at }: Line, error: unknown): unknown {
  if (at === '' || !(error instanceof Problem) || error.faults.length === 0) return error
  const { code, detail, retryAfterSeconds, cause } = error
  return new Problem(code, detail, {
    faults: error.faults.map((fault) => ({ ...fault, at: `${at}${fault.at}` })),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause,
  })
}

function operationsOf(deps: DoorDeps): Readonly<Record<string, LineOperation>> {
  const faultsOf = (schema: TSchema) => schemaFaults(schema)
  const create = faultsOf(CREATE)
  const question = faultsOf(QUESTION)
  return {
    authorization: {
      scope: 'pa:submit',
      prepare: async ({ body, allowDuplicate = false }, item, caller) => {
        const request = requestOf(checked(body, create(body), rulesBroken), item.requestId)
        const scenario = await steer(deps, caller.organizationId, undefined, steerableBy(request))
        const submitting = {
          ...askedBy(item, caller),
          insists: allowDuplicate,
          ...(scenario && { scenario }),
        }
        return async (tx) => answerOf(await submitted(deps, tx, submitting, { request }))
      },
    },
    admission: {
      scope: 'pa:admit',
      prepare: async ({ body }, item, caller) => {
        const notice = noticeIn(body, create(body), item.requestId)
        return async (tx) => answerOf(await taken(deps, tx, askedBy(item, caller), notice))
      },
    },
    determination: {
      scope: 'pa:determine',
      prepare: async ({ body }, item, caller) => {
        const asked = questionOf(checked(body, question(body), () => []) as QuestionBody)
        // Its payer may be asked elsewhere, which is done with no transaction open.
        const found = await deps.exchange.determineTogether(asked)
        return (tx) => determined(deps, tx, asked, found, item, caller)
      },
    },
    ...Object.fromEntries(
      ACTIONS.map((action) => {
        const faults = faultsOf(action.schema)
        const prepare: LineOperation['prepare'] = async ({ body, authorizationId }, item, caller) => {
          const sound = checked(body, faults(body), action.rules)
          const id = readId('authorization', authorizationId ?? '')
          if (!id) throw new Error('a follow-up without its case')
          const scenario = await steer(deps, caller.organizationId, undefined, ABOUT_A_CASE)
          const submitting = { ...askedBy(item, caller), insists: false, ...(scenario && { scenario }) }
          return async (tx) => {
            const { authorization } = await deps.exchange.read(tx, id)
            const request = requestFor(authorization.request, action, sound, item.requestId)
            return answerOf(await submitted(deps, tx, submitting, { request, earlier: id }))
          }
        }
        return [action.name, { scope: 'pa:submit', prepare } satisfies LineOperation]
      }),
    ),
  }
}

const askedBy = (item: Item, caller: Caller) => ({ caller, requestId: item.requestId, raw: item.body })

function answerOf({ answer }: Result): ItemAnswer {
  const { location } = answer.headers
  const on = location?.split('/').at(-1)
  return {
    status: answer.status,
    body: String(answer.body),
    ...(location === undefined ? {} : { location }),
    ...(on === undefined ? {} : { on }),
  }
}

async function determined(
  { random }: DoorDeps,
  tx: Tx,
  asked: ReturnType<typeof questionOf>,
  found: Determined,
  { requestId }: Item,
  { clientId, organizationId }: Caller,
): Promise<ItemAnswer> {
  if (!found.payer) throw unknownPayer()
  const actor = { kind: 'client', clientId, organizationId } as const
  const act = 'authorization.determine'
  await record(tx, { at: found.at, actor, act, outcome: 'done', requestId, ...noteOf(found) }, random)
  return { status: 200, body: JSON.stringify(determinationResource(found, found.payer, asked)) }
}
