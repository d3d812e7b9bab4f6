import { Problem } from '../../kernel/problem.ts'
import type { Vault } from '../../platform/secrets/index.ts'

/** Where a page ended, sealed for what it is a page of: it tells nothing, and nobody can write one. */
export function sealCursor(vault: Pick<Vault, 'seal'>, last: string, of: string): string {
  return Buffer.from(vault.seal(Buffer.from(last, 'utf8'), `cursor/${of}`)).toString('base64url')
}

/** @throws Problem `request/invalid` */
export function openCursor(vault: Pick<Vault, 'open'>, cursor: string, of: string): string {
  try {
    return Buffer.from(vault.open(Buffer.from(cursor, 'base64url'), `cursor/${of}`)).toString('utf8')
  } catch {
    // Whatever is wrong with it, its bearer is told one thing.
    throw new Problem('request/invalid', 'The list cannot be continued: its cursor is not one of it.', {
      faults: [
        {
          at: '?cursor',
          message: 'is no cursor that this list gave to your company',
          remedy: 'Send the `next` of the page before, with the same filters; or begin anew without one.',
        },
      ],
    })
  }
}
