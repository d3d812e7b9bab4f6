import { Problem } from '../../kernel/problem.ts'

/** What a caller may ask of the sandbox with `X-Sandbox-Scenario`, and what comes of it. */
export const REQUEST_SCENARIOS = {
  approve: 'certified as asked',
  deny: 'not certified, by a simulated reviewer',
  pend: 'pended to a reviewer',
  'pend-then-approve': 'pended, and certified as asked an hour later by the test clock of the company',
  modify: 'certified with changes, by a simulated reviewer',
  partial: 'certified in part, by a simulated reviewer',
  cancel: 'cancelled',
  'reject-member': 'not considered: the member is not known by that name (AAA 73)',
  timeout: 'the payer does not answer: 504 after ten seconds, and nothing is stored',
  slow: 'answered by the rules, five seconds late',
  error: 'fails on our side: 500, and nothing is stored',
} as const

export type RequestScenario = keyof typeof REQUEST_SCENARIOS

/** What a company may be set to with `countersign scenario set`; `default` takes it away again. */
export const ORGANIZATION_SCENARIOS = [
  'approve',
  'deny',
  'pend',
  'modify',
  'cancel',
  'reject-member',
  'timeout',
] as const satisfies readonly RequestScenario[]

export type OrganizationScenario = (typeof ORGANIZATION_SCENARIOS)[number]

/** What only a test id leads to. */
export type TestIdScenario = 'unable-to-respond' | 'found' | 'found-dependent' | 'none-found'

/** What is made of one request in place of what rules and policies would say. */
export type Scenario = RequestScenario | TestIdScenario

/** The header by which one request is steered. */
export const SCENARIO_HEADER = 'X-Sandbox-Scenario'

/**
 * Reads the header.
 *
 * @returns undefined when it was not sent
 * @throws Problem `request/scenario-unknown` naming every value
 */
export function readScenario(header: string | readonly string[] | undefined): RequestScenario | undefined {
  if (header === undefined) return undefined
  const value = (typeof header === 'string' ? header : header.join(', ')).trim()
  if (Object.hasOwn(REQUEST_SCENARIOS, value)) return value as RequestScenario
  const known = Object.keys(REQUEST_SCENARIOS).join(', ')
  throw new Problem(
    'request/scenario-unknown',
    `The sandbox has no scenario of the name that ${SCENARIO_HEADER} holds; nothing was stored. It has: ${known}.`,
    {
      faults: [
        {
          at: SCENARIO_HEADER,
          message: `expected one of ${known}`,
          remedy: 'Send one, or leave the header out.',
        },
      ],
    },
  )
}
