import { readFile } from 'node:fs/promises'
import { type Command, Refused, WrongUsage } from '../command.ts'
import { bearer, call, JSON_BODY } from '../https.ts'
import { openSession } from '../session.ts'
import { columns } from '../table.ts'

const BASE = '/rcm/prior-authorization/v1'

const OPERATIONS = ['submission', 'inquiry', 'determination', 'noa'] as const
type Operation = (typeof OPERATIONS)[number]
/** What a 278 says of itself (ST03, GS08). */
const GUIDES: Readonly<Record<string, Operation>> = { '215': 'inquiry', '216': 'noa', '217': 'submission' }
/** How long one waits for an answer without being told of it. */
const PATIENCE_MS = 1000

interface Spelled {
  readonly x12: string
  readonly json: {
    readonly patientEventDetail?: {
      readonly certificationActionCode?: string
      readonly reviewIdentificationNumber?: string
    }
  }
}

export const send: Command = {
  words: 'send',
  takes: 'FILE',
  does: 'Send a request, JSON or an X12 278, and print the answer in both spellings.',
  options: { as: { type: 'string', means: `${OPERATIONS.join(', ')}; a 278 says so itself` } },
  run: async ([file], options, surroundings) => {
    const { out, asJson } = surroundings
    if (!file) throw new WrongUsage('the file to send is needed')
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new Refused(`${file} cannot be read: ${error.message}`)
    })
    const { path, body, operation } = requestOf(text, options.as)
    const access = await openSession(surroundings, (words) => asJson || out.write(`${words}\n`))
    const asking = call(`${access.baseUrl}${BASE}${path}`, access.ca, {
      headers: { ...JSON_BODY, ...bearer(access.token) },
      body,
    })
    const reply = await told(asking, (seconds) => {
      if (!asJson) out.write(`Waiting for an answer: ${seconds} s\n`)
    })
    if (asJson) out.write(`${reply.text}\n`)
    else
      out.write(
        reply.status === 200
          ? answerInWords(operation, reply.text)
          : refusalInWords(reply.status, reply.text),
      )
    return reply.status === 200 ? 0 : 1
  },
}

/** Tells of every second that somebody waits. */
export async function told<T>(waiting: Promise<T>, say: (seconds: number) => void): Promise<T> {
  let seconds = 0
  const timer = setInterval(() => say(++seconds), PATIENCE_MS)
  try {
    return await waiting
  } finally {
    clearInterval(timer)
  }
}

/** @throws WrongUsage `--as` names no operation */
export function requestOf(
  text: string,
  as: unknown,
): { readonly path: string; readonly body: string; readonly operation: Operation } {
  const isX12 = text.trimStart().startsWith('ISA')
  const guide = isX12 ? /005010X(21[567])/.exec(text)?.[1] : undefined
  const wanted = as ?? (guide && GUIDES[guide]) ?? 'submission'
  const operation = OPERATIONS.find((known) => known === wanted)
  if (!operation) throw new WrongUsage(`--as is one of ${OPERATIONS.join(', ')}`)
  return isX12
    ? { path: `/${operation}/x12`, body: JSON.stringify({ x12: text.trim() }), operation }
    : { path: `/${operation}`, body: text, operation }
}

const ACTIONS: Readonly<Record<string, string>> = {
  A1: 'certified in total',
  A2: 'certified, partial',
  A3: 'not certified',
  A4: 'pended',
  A6: 'modified',
  C: 'cancelled',
  CT: 'contact the payer',
  NA: 'no action required',
}

const REJECTED = 'none; the X12 below says why (AAA)'
/** What it means that the event as a whole has no decision. */
const NO_DECISION: Readonly<Record<Operation, string>> = {
  submission: REJECTED,
  inquiry: REJECTED,
  determination: 'none on the whole; the lines below say which is needed',
  noa: 'none: a notice is acknowledged, never decided',
}

function answerInWords(operation: Operation, text: string): string {
  const answer = JSON.parse(text) as { authorizationId?: string } & Partial<Record<Operation, Spelled>>
  const spelled = answer[operation]
  const event = spelled?.json.patientEventDetail
  const code = event?.certificationActionCode
  const facts = [
    ['Decision', code === undefined ? NO_DECISION[operation] : `${ACTIONS[code] ?? 'other'} (${code})`],
    ...(event?.reviewIdentificationNumber
      ? [['Authorization number', event.reviewIdentificationNumber]]
      : []),
    ...(answer.authorizationId ? [['Authorization id', answer.authorizationId]] : []),
  ]
  return [
    columns(facts),
    '',
    'X12',
    (spelled?.x12 ?? '').replaceAll('~', '~\n').trimEnd().replaceAll(/^/gm, '  '),
    '',
    'JSON',
    JSON.stringify(spelled?.json, null, 2).replaceAll(/^/gm, '  '),
    '',
  ].join('\n')
}

/** @param text a list of faults; or, from whatever stands before the gateway, anything */
export function refusalInWords(status: number, text: string): string {
  return [`Refused (${status}):`, ...faultsOf(text).map((fault) => `  ${fault}`), ''].join('\n')
}

function faultsOf(text: string): readonly unknown[] {
  try {
    const read: unknown = JSON.parse(text)
    return Array.isArray(read) ? read : [text]
  } catch {
    return [text]
  }
}
