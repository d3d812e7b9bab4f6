import { readFile } from 'node:fs/promises'
import { type Command, Refused, WrongUsage } from '../command.ts'
import { bearer, call, JSON_BODY } from '../https.ts'
import { openSession } from '../session.ts'
import { columns } from '../table.ts'

const BASE = '/rcm/prior-authorization/v1'

type Operation = 'submission' | 'inquiry'

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
  options: { as: { type: 'string', means: 'submission or inquiry; a 278 says so itself' } },
  run: async ([file], options, surroundings) => {
    const { out, asJson } = surroundings
    if (!file) throw new WrongUsage('the file to send is needed')
    const text = await readFile(file, 'utf8').catch((error: Error) => {
      throw new Refused(`${file} cannot be read: ${error.message}`)
    })
    const { path, body, operation } = requestOf(text, options.as)
    const access = await openSession(surroundings, (words) => asJson || out.write(`${words}\n`))
    const reply = await call(`${access.baseUrl}${BASE}${path}`, access.ca, {
      headers: { ...JSON_BODY, ...bearer(access.token) },
      body,
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

function requestOf(
  text: string,
  as: unknown,
): { readonly path: string; readonly body: string; readonly operation: Operation } {
  const isX12 = text.trimStart().startsWith('ISA')
  const operation = as ?? (isX12 && /005010X215/.test(text) ? 'inquiry' : 'submission')
  if (operation !== 'submission' && operation !== 'inquiry')
    throw new WrongUsage('--as is submission or inquiry')
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

function answerInWords(operation: Operation, text: string): string {
  const answer = JSON.parse(text) as { authorizationId?: string } & Partial<Record<Operation, Spelled>>
  const spelled = answer[operation]
  const event = spelled?.json.patientEventDetail
  const code = event?.certificationActionCode
  const facts = [
    [
      'Decision',
      code === undefined ? 'none; the X12 below says why (AAA)' : `${ACTIONS[code] ?? 'other'} (${code})`,
    ],
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
