import type { FastifyRequest } from 'fastify'
import type { OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import { isTestId, readScenario, SCENARIO_HEADER, type Scenario } from '../simulator/index.ts'
import type { DoorDeps } from './model.ts'

const headerOf = (request: FastifyRequest) => request.headers[SCENARIO_HEADER.toLowerCase()]

/** The scenario that a request names itself. */
export const scenarioAsked = (request: FastifyRequest) => readScenario(headerOf(request))

/** An id of a request, and where it stands in the sender's own spelling: `ISA-08`, `/umClearingHouseId`. */
export interface PlacedId {
  readonly at: string
  readonly value: string
}

/** What a request says that steers the sandbox, and that production takes from nobody. */
export interface Steerable {
  readonly operation: string
  readonly receiverId: string
  readonly payerId: string
  /** Every id that a test id could stand in place of, in the order of the document. */
  readonly ids: readonly PlacedId[]
}

/**
 * What is to be made of a request in place of what rules and policies would say. Call it once the request is known to be
 * sound, and before any transaction: whoever is to wait, waits here.
 *
 * @returns undefined when nothing is forced; always so in production
 * @throws Problem `request/sandbox-only` in production, when an id is one of the sandbox's test ids; in the sandbox what
 *                 the scenario asks for
 */
export async function steer(
  deps: Pick<DoorDeps, 'simulator'>,
  organizationId: OrganizationId,
  /** Absent: what is asked came in no call of its own, so no header steers it. */
  request: FastifyRequest | undefined,
  steerable: Steerable,
): Promise<Scenario | undefined> {
  const { simulator } = deps
  if (!simulator) return refuseTestIds(steerable.ids)
  return simulator.steer({ ...steerable, organizationId, header: request && headerOf(request) })
}

/**
 * Looks at the header before anything else is read.
 *
 * @throws Problem `request/sandbox-only` in production; `request/scenario-unknown`
 */
export function requireScenarioAllowed({ simulator }: DoorDeps, request: FastifyRequest): void {
  const header = headerOf(request)
  if (simulator) return void readScenario(header)
  if (header === undefined) return
  const remedy = 'Leave the header out, or send the request to the sandbox.'
  throw new Problem(
    'request/sandbox-only',
    `${SCENARIO_HEADER} steers the sandbox; production decides by rules, policies and people, and nothing was stored. ${remedy}`,
    { faults: [{ at: SCENARIO_HEADER, message: 'expected no such header in production', remedy }] },
  )
}

function refuseTestIds(ids: readonly PlacedId[]): undefined {
  const found = ids.filter(({ value }) => isTestId(value))
  if (found.length === 0) return undefined
  throw new Problem(
    'request/sandbox-only',
    'The request bears a test id of the sandbox; production makes no case of it, and nothing was stored.',
    {
      faults: found.map(({ at, value }) => ({
        at,
        message: `expected an id that somebody goes by, found the test id "${value}"`,
        remedy: 'Send it to the sandbox, or name the receiver that it is meant for.',
      })),
    },
  )
}
