import { readFileSync } from 'node:fs'
import { type Command, Refused } from '../command.ts'
import { caFileOf } from '../credential.ts'
import { type DemoFacts, STEPS } from '../demo/steps.ts'
import { askOperator } from '../operator.ts'
import { ink } from '../table.ts'

const NAME_WIDTH = 44
const SAW_WIDTH = 58

interface Status {
  readonly parts: Readonly<Record<string, { readonly detail: { readonly url?: string } }>>
}

export const demo: Command = {
  words: 'demo',
  does: 'Walk a partner’s first hour against the running server: sign-up to decision, and the refusals.',
  options: {},
  run: async (_names, _options, { out, dataDirectory, asJson }) => {
    const { parts } = await askOperator<Status>(dataDirectory, 'GET', '/operator/status')
    const url = (name: string) => {
      const found = parts[name]?.detail.url
      if (!found?.startsWith('https://'))
        throw new Refused(`The demo needs the ${name}, which this server does not serve.`)
      return found
    }
    const caFile = caFileOf(dataDirectory)
    const facts: DemoFacts = {
      portalUrl: url('portal'),
      sandboxUrl: url('sandbox'),
      productionUrl: url('production'),
      ca: caFile === undefined ? undefined : readFileSync(caFile, 'utf8'),
      run: Date.now().toString(36),
    }
    const { green, red, dim, bold } = ink(out.isTTY === true)
    const say = (text: string) => asJson || out.write(text)
    say(`\n${bold('A partner’s first hour')}, against ${facts.sandboxUrl}\n\n`)
    const results: {
      readonly step: string
      readonly saw: string
      readonly ms: number
      readonly ok: boolean
    }[] = []
    for (const { step, take } of STEPS) {
      const began = performance.now()
      const outcome = await take(facts).then(
        (saw) => ({ ok: true, saw }),
        (error: unknown) => ({ ok: false, saw: error instanceof Error ? error.message : String(error) }),
      )
      const ms = Math.round(performance.now() - began)
      results.push({ step, ms, ...outcome })
      say(
        `  ${outcome.ok ? green('✓') : red('✗')}  ${step.padEnd(NAME_WIDTH)} ${outcome.saw.padEnd(SAW_WIDTH)} ${dim(`${ms} ms`.padStart(8))}\n`,
      )
      // What follows builds on it.
      if (!outcome.ok) break
    }
    const isWhole = results.length === STEPS.length && results.every(({ ok }) => ok)
    if (asJson) out.write(`${JSON.stringify({ ok: isWhole, steps: results })}\n`)
    else
      say(
        isWhole
          ? closing(facts)
          : `\n${red('It stopped there.')} ${results.length} of ${STEPS.length} steps were taken.\n`,
      )
    return isWhole ? 0 : 1
  },
}

function closing(facts: DemoFacts): string {
  return [
    '',
    `  One case, asked for in two spellings: authorization ${facts.authorizationNumber ?? ''}`,
    `  Sign up yourself      ${facts.portalUrl}`,
    '  Send your own         npx countersign send FILE',
    '  What else to try      docs/reference/sandbox.md',
    '',
  ].join('\n')
}
