import type { FastifyInstance } from 'fastify'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import { type DatePeriod, type Instant, instantOf, type PlainDate, plainDate } from '../../../kernel/time.ts'
import type { Search } from '../../case-files/index.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'
import { foundCases } from './case-files-wire.ts'
import { SEARCH, type SearchBody } from './schemas.ts'

const PAGE = 25
const DAY_MS = 86_400_000
/** A period that is open on one side ends with the calendar that we read. */
const FIRST_DAY = '0001-01-01' as PlainDate
const LAST_DAY = '9999-12-31' as PlainDate

/** `POST /v1/authorizations/search`: what is looked for is in the body, so that no member id is ever in a URL. */
export function addSearch(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  server.post<{ Body: SearchBody }>(
    '/v1/authorizations/search',
    { config: { act: 'authorization.search' }, schema: { body: SEARCH } },
    async (request) => {
      const reader = { caller: caught.callerOf(request), requestId: request.id }
      return foundCases(await deps.caseFiles.search(reader, searchOf(request.body)))
    },
  )
}

/** @throws Problem `request/invalid` with every day that does not exist and every period that ends before it begins */
export function searchOf(body: SearchBody): Search {
  const faults: Fault[] = []
  const received = periodOf(body.received, '/received', faults)
  const care = periodOf(body.service, '/service', faults)
  if (faults.length > 0)
    throw new Problem('request/invalid', 'The search names days that cannot be; they are listed in faults.', {
      faults,
    })
  const { state, received: _, service: __, limit = PAGE, ...rest } = body
  return {
    ...rest,
    limit,
    ...(state ? { states: state } : {}),
    ...(care ? { care } : {}),
    ...(received ? { receivedFrom: midnightOf(received.from) } : {}),
    ...(received ? { receivedBefore: (midnightOf(received.until) + DAY_MS) as Instant } : {}),
  }
}

function midnightOf(date: PlainDate): Instant {
  return instantOf({ date, secondOfDay: 0 })
}

function periodOf(days: SearchBody['received'], at: string, faults: Fault[]): DatePeriod | undefined {
  if (!days || (days.from === undefined && days.until === undefined)) return undefined
  const from = dayOf(days.from, `${at}/from`, faults) ?? FIRST_DAY
  const until = dayOf(days.until, `${at}/until`, faults) ?? LAST_DAY
  if (from > until)
    faults.push({
      at,
      message: `ends on ${until}, before it begins on ${from}`,
      remedy: 'Swap the two days.',
    })
  return { from, until }
}

function dayOf(text: string | undefined, at: string, faults: Fault[]): PlainDate | undefined {
  if (text === undefined) return undefined
  const day = plainDate(text)
  if (!day) faults.push({ at, message: `there is no day ${text}`, remedy: 'Give a day that exists.' })
  return day
}
