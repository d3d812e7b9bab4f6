import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Refused } from '../command.ts'
import { caFileOf } from '../credential.ts'

const NICKNAME = 'Countersign local authority'

export const trust: Command = {
  words: 'trust',
  does: 'Have this user’s browsers trust the local certificate authority.',
  options: { remove: { type: 'boolean', means: 'take it out again' } },
  run: async (_names, options, { out, environment, dataDirectory, asJson }) => {
    const caFile = caFileOf(dataDirectory)
    if (caFile === undefined)
      throw new Refused(
        `There is no local authority in ${dataDirectory}: start the server once, or it serves with a certificate of your own.`,
      )
    const store = join(environment.HOME ?? '.', '.pki/nssdb')
    mkdirSync(store, { recursive: true, mode: 0o700 })
    const database = `sql:${store}`
    // An authority of an earlier data directory under the same name would shadow this one.
    certutil(['-D', '-d', database, '-n', NICKNAME], true)
    if (!options.remove) certutil(['-A', '-d', database, '-n', NICKNAME, '-t', 'C,,', '-i', caFile], false)
    if (asJson) out.write(`${JSON.stringify({ ca_file: caFile, store, trusted: !options.remove })}\n`)
    else
      out.write(
        options.remove
          ? `Taken out of ${store}.\n`
          : `Added to ${store}: Chromium and Chrome of this user trust it after a restart.\n\nElsewhere:\n  curl     --cacert ${caFile}\n  Node.js  NODE_EXTRA_CA_CERTS=${caFile}\n  Firefox  Settings, Certificates, Authorities, Import\n`,
      )
    return 0
  },
}

function certutil(args: readonly string[], mayFail: boolean): void {
  const { error, status, stderr } = spawnSync('certutil', args, { encoding: 'utf8' })
  if (error)
    throw new Refused('The tool certutil is needed; Debian and Ubuntu have it in the package libnss3-tools.')
  if (status !== 0 && !mayFail) throw new Refused(`certutil refused: ${stderr.trim()}`)
}
