import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Command, Refused, required, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns, ink } from '../table.ts'

interface Finding {
  readonly kind: string
  readonly ordinal?: number
  readonly untilOrdinal?: number
  readonly entryId?: string
  readonly means: string
}

interface Verification {
  readonly environment: string
  readonly findings: readonly Finding[]
  readonly isCut: boolean
  readonly sealed: { readonly entries: number; readonly seals: number }
  readonly unsealed: { readonly count: number; readonly oldestAt?: string }
  readonly anchors?: number
}

interface Verified {
  readonly ok: boolean
  readonly logs: readonly Verification[]
}

const LOGS = ['sandbox', 'production', 'control']

export const verifyAudit: Command = {
  words: 'audit verify',
  does: 'Compute the audit record anew, and name every entry that was touched.',
  options: {
    environment: { type: 'string', means: 'sandbox, production or control; all three when left out' },
    anchors: { type: 'string', means: "the file of anchored heads; the server's own when left out" },
  },
  run: async (_names, { environment, anchors }, { out, dataDirectory, asJson }) => {
    if (environment !== undefined && !LOGS.includes(String(environment)))
      throw new WrongUsage(`--environment is one of ${LOGS.join(', ')}`)
    const verified = await askOperator<Verified>(dataDirectory, 'POST', '/operator/audit/verify', {
      ...(environment === undefined ? {} : { environment }),
      // The server reads it, wherever that was started.
      ...(typeof anchors === 'string' ? { anchors: resolve(anchors) } : {}),
    })
    out.write(asJson ? `${JSON.stringify(verified)}\n` : `${written(verified, ink(out.isTTY === true))}\n`)
    return verified.ok ? 0 : 1
  },
}

function written({ logs }: Verified, { green, red }: ReturnType<typeof ink>): string {
  const lines = logs.map(({ environment, findings, sealed, unsealed, anchors }) => [
    findings.length === 0 ? green('ok') : red('--'),
    environment,
    `${sealed.entries} entries under ${sealed.seals} seals`,
    anchors === undefined ? 'no anchors' : `${anchors} ${anchors === 1 ? 'anchor' : 'anchors'}`,
    unsealed.count === 0 ? 'none unsealed' : `${unsealed.count} unsealed since ${unsealed.oldestAt}`,
  ])
  const found = logs.flatMap(({ environment, findings }) =>
    findings.map(({ kind, ordinal, untilOrdinal, entryId, means }) => [
      environment,
      kind,
      ordinal === undefined ? '' : untilOrdinal === undefined ? `${ordinal}` : `${ordinal}-${untilOrdinal}`,
      entryId ?? '',
      means,
    ]),
  )
  const warnings = logs.flatMap(({ environment, isCut, sealed, unsealed, anchors }) => [
    ...(isCut ? [`${environment}: there are more findings than are listed.`] : []),
    ...(anchors === undefined && sealed.seals > 0
      ? [`${environment}: without anchors nobody can tell whether entries were cut off at the end.`]
      : []),
    ...(isOld(unsealed.oldestAt)
      ? [`${environment}: entries have been waiting to be sealed; is a process with the role worker running?`]
      : []),
  ])
  return [
    columns(lines),
    ...(warnings.length === 0 ? [] : ['', ...warnings]),
    ...(found.length === 0 ? [] : ['', columns([['LOG', 'FOUND', 'PLACE', 'ENTRY', 'MEANS'], ...found])]),
  ].join('\n')
}

/** The sealer comes by each second. */
const WAITING_MS = 10_000
const isOld = (at: string | undefined) => at !== undefined && Date.now() - Date.parse(at) > WAITING_MS

export const anchorAudit: Command = {
  words: 'audit anchor',
  does: 'Seal what is committed and add the signed heads to the anchor file, now.',
  options: {},
  run: async (_names, _options, { out, dataDirectory, asJson }) => {
    await askOperator(dataDirectory, 'POST', '/operator/audit/anchors')
    out.write(asJson ? '{"ok":true}\n' : 'The heads are anchored.\n')
    return 0
  },
}

interface WhoSaw {
  readonly cases: readonly string[]
  readonly touches: readonly {
    readonly at: string
    readonly actorKind: string
    readonly actorId: string | null
    readonly organizationId: string | null
    readonly act: string
    readonly outcome: string
    readonly on: string
  }[]
}

export const whoSaw: Command = {
  words: 'audit who-saw',
  does: "Who saw or touched a member's cases, when, and by which act. The search is recorded as well.",
  options: {
    environment: { type: 'string', means: 'sandbox or production' },
    payer: { type: 'string', means: 'the payer: its id, or one that senders know it by' },
    'member-id-file': { type: 'string', means: 'a file that holds the member id; "-" reads standard input' },
  },
  run: async (_names, options, { out, dataDirectory, asJson }) => {
    const environment = required(options, 'environment')
    if (!['sandbox', 'production'].includes(environment))
      throw new WrongUsage('--environment is sandbox or production')
    const payer = required(options, 'payer')
    const memberId = await readMemberId(required(options, 'member-id-file'))
    const found = await askOperator<WhoSaw>(dataDirectory, 'POST', '/operator/audit/who-saw', {
      environment,
      payer,
      memberId,
    })
    if (asJson) out.write(`${JSON.stringify(found)}\n`)
    else if (found.cases.length === 0) out.write('This member has no cases with this payer.\n')
    else
      out.write(
        `${columns([
          ['WHEN', 'ACT', 'OUTCOME', 'WHO', 'COMPANY', 'CASE'],
          ...found.touches.map((touch) => [
            touch.at,
            touch.act,
            touch.outcome,
            touch.actorId ?? touch.actorKind,
            touch.organizationId ?? '-',
            touch.on,
          ]),
        ])}\n`,
      )
    return 0
  },
}

/** From a file: a command line is read by every user of the machine, and kept in its history. */
async function readMemberId(file: string): Promise<string> {
  const read = file === '-' ? text(process.stdin) : readFile(file, 'utf8')
  const memberId = (
    await read.catch((error: Error) => {
      throw new Refused(`${file} cannot be read: ${error.message}`)
    })
  ).trim()
  if (memberId === '') throw new Refused(`${file} holds no member id`)
  return memberId
}
