import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { documentsOf, NOT_A_GUARANTEE, reviewersOf } from '../../../core/determination/index.ts'
import type { Contact, PatientEvent, Place, ServiceLine } from '../../../core/request.ts'
import { encodeFiredRules } from '../../../formats/json/index.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import { type DatePeriod, plainDate } from '../../../kernel/time.ts'
import { type Determined, noteOf, type Question } from '../../exchange/index.ts'
import { goesBy, type Payer } from '../../payers/index.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'

const strict = { additionalProperties: false } as const
const name = (maxLength: number, description?: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[ -~]*[!-~][ -~]*$',
    'x-expected': 'printable ASCII characters that are not all spaces, such as QFHP1',
    ...(description !== undefined && { description }),
  })
const DAY = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  'x-expected': 'a day as YYYY-MM-DD, such as 2027-05-03',
  description: 'A calendar day, `YYYY-MM-DD`.',
})
const PLACE = Type.String({
  pattern: '^(bill:)?[0-9A-Za-z]{1,3}$',
  'x-expected': 'a place of service such as 11, or a type of bill such as bill:13',
  description: 'A place of service, such as `21`; a type of bill is written `bill:11`.',
})
const SERVICE_TYPE = name(3)

const LINE = Type.Object(
  {
    code: Type.Optional(name(48)),
    codeSystem: Type.Optional(
      Type.String({
        pattern: '^[A-Z0-9]{2}$',
        'x-expected': 'two capitals or digits, such as HC',
        description: 'As in X12 235; `HC` if absent.',
      }),
    ),
    modifiers: Type.Optional(Type.Array(name(2), { maxItems: 4 })),
    on: Type.Optional(DAY),
    place: Type.Optional(PLACE),
    serviceType: Type.Optional(SERVICE_TYPE),
  },
  strict,
)

/** What `POST /v1/determinations` reads: nothing in it says who the patient is. */
export const QUESTION = Type.Object(
  {
    payer: name(80, 'An id that the payer goes by on the wire.'),
    plan: Type.Optional(name(80)),
    birthDate: Type.Optional(DAY),
    on: Type.Optional(DAY),
    place: Type.Optional(PLACE),
    serviceType: Type.Optional(SERVICE_TYPE),
    diagnoses: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[A-Za-z][0-9A-Za-z.]{1,9}$',
          'x-expected': 'a diagnosis code that begins with a letter, such as G47.33',
        }),
        {
          maxItems: 12,
          description: 'ICD-10 codes, with or without their point.',
        },
      ),
    ),
    lines: Type.Array(LINE, { minItems: 1, maxItems: 999 }),
  },
  { ...strict, description: 'What a line does not say is taken from beside the lines.' },
)
export type QuestionBody = Static<typeof QUESTION>

/** `POST /v1/determinations`: whether services need prior authorization, in our own plain shape. */
export function addDeterminations(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  server.post<{ Body: QuestionBody }>(
    '/v1/determinations',
    { config: { act: 'authorization.determine', scope: 'pa:determine' }, schema: { body: QUESTION } },
    async (request) => {
      const caller = caught.callerOf(request)
      const question = questionOf(request.body)
      const determined = await deps.exchange.determineTogether(question)
      if (!determined.payer) throw unknownPayer()
      await deps.recorder.note({
        at: determined.at,
        actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
        act: 'authorization.determine',
        outcome: 'done',
        requestId: request.id,
        ...noteOf(determined),
      })
      return determinationResource(determined, determined.payer, question)
    },
  )
}

/** A determination as `POST /v1/determinations` answers it. Moments are ISO 8601 in UTC; what is absent is left out. */
export interface DeterminationResource {
  readonly payer: {
    readonly id: string
    readonly name: string
    /** In the sandbox, where one payer stands in for ids that nobody knows. */
    readonly standsIn?: true
  }
  readonly plan?: string
  readonly determinedAt: string
  readonly lines: readonly {
    /** Its place among those asked about, from 1. */
    readonly line: number
    readonly code?: string
    readonly outcome: 'required' | 'not-required' | 'conditional' | 'unknown'
    readonly explanation: string
    /** The facts that would settle a conditional one. */
    readonly missing: readonly string[]
    readonly reviewers: readonly string[]
    readonly documents: readonly string[]
    readonly rules: readonly object[]
    /** Whom to ask, where no rule speaks of the service. */
    readonly contact?: Contact
  }[]
  readonly disclaimer: string
}

export function determinationResource(
  { at, lines }: Determined,
  payer: Payer,
  { payerId, plan, event }: Question,
): DeterminationResource {
  const isKnown = goesBy(payer, payerId)
  return {
    payer: { id: payer.wireIds[0] ?? payer.id, name: payer.name, ...(!isKnown && { standsIn: true }) },
    ...(plan !== undefined && { plan }),
    determinedAt: new Date(at).toISOString(),
    lines: lines.map(({ line, determination }, i) => {
      const code = event.lines[i]?.procedure?.code
      return {
        line,
        ...(code !== undefined && { code }),
        outcome: determination.answer,
        explanation: determination.explanation,
        missing: 'missing' in determination ? determination.missing : [],
        reviewers: reviewersOf(determination),
        documents: documentsOf(determination),
        rules: encodeFiredRules(determination),
        ...(determination.answer === 'unknown' && payer.contact && { contact: payer.contact }),
      }
    }),
    disclaimer: NOT_A_GUARANTEE,
  }
}

/** @throws Problem `request/invalid` with every day that does not exist */
export function questionOf(body: QuestionBody): Question {
  const faults: Fault[] = []
  const birthDate = periodOf(body.birthDate, '/birthDate', faults)?.from
  const event: PatientEvent = {
    category: 'health-services',
    purpose: 'initial',
    ...commonOf(body, '', faults),
    diagnoses: (body.diagnoses ?? []).map((code) => ({ role: 'other', system: 'icd-10', code })),
    conditions: [],
    transportStops: [],
    providers: [],
    lines: body.lines.map((line, i) => lineOf(line, i, faults)),
  }
  if (faults.length > 0)
    throw new Problem(
      'request/invalid',
      'The question names days that do not exist; they are listed in faults.',
      {
        faults,
      },
    )
  return {
    payerId: body.payer,
    ...(body.plan !== undefined && { plan: body.plan.trim() }),
    event,
    ...(birthDate && { birthDate }),
  }
}

function lineOf(line: QuestionBody['lines'][number], i: number, faults: Fault[]): ServiceLine {
  const { code, codeSystem = 'HC', modifiers = [] } = line
  return {
    number: i + 1,
    kind: 'unspecified',
    ...commonOf(line, `/lines/${i}`, faults),
    ...(code !== undefined && { procedure: { system: codeSystem, code: code.trim(), modifiers } }),
    providers: [],
  }
}

/** What both the event and a line may say. */
function commonOf(
  { on, place, serviceType }: Pick<QuestionBody, 'on' | 'place' | 'serviceType'>,
  at: string,
  faults: Fault[],
) {
  const period = periodOf(on, `${at}/on`, faults)
  return {
    ...(period && { period }),
    ...(place !== undefined && { place: placeOf(place) }),
    ...(serviceType !== undefined && { serviceType: serviceType.trim() }),
  }
}

function placeOf(text: string): Place {
  return text.startsWith('bill:')
    ? { system: 'type-of-bill', code: text.slice('bill:'.length) }
    : { system: 'place-of-service', code: text }
}

function periodOf(text: string | undefined, at: string, faults: Fault[]): DatePeriod | undefined {
  const day = text === undefined ? undefined : plainDate(text)
  if (text !== undefined && !day)
    faults.push({ at, message: `there is no day ${text}`, remedy: 'Give a day that exists.' })
  return day && { from: day, until: day }
}

export function unknownPayer(): Problem {
  return new Problem('request/invalid', 'No payer here goes by that id; nothing was answered.', {
    faults: [
      { at: '/payer', message: 'is the id of no payer here', remedy: 'Give an id that the payer goes by.' },
    ],
  })
}
