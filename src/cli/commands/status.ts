import type { Command } from '../command.ts'
import { askOperator } from '../operator.ts'
import { columns, ink } from '../table.ts'

interface Status {
  readonly ok: boolean
  readonly parts: Readonly<Record<string, { readonly ok: boolean; readonly detail: unknown }>>
}

export const status: Command = {
  words: 'status',
  does: 'How each part of the running server stands.',
  options: {},
  run: async (_names, _options, { out, dataDirectory, asJson }) => {
    const found = await askOperator<Status>(dataDirectory, 'GET', '/operator/status')
    if (asJson) out.write(`${JSON.stringify(found)}\n`)
    else {
      const { green, red } = ink(out.isTTY === true)
      const rows = Object.entries(found.parts).map(([name, part]) => [
        part.ok ? green('ok') : red('--'),
        name,
        words(part.detail),
      ])
      out.write(`${columns(rows)}\n`)
    }
    return found.ok ? 0 : 1
  },
}

function words(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return String(detail)
  return Object.values(detail).join(', ')
}
