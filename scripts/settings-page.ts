/**
 * Makes `docs/reference/settings.md` from the settings themselves; without `--write`, fails when the page has drifted.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { SETTINGS } from '../src/app/config.ts'

const PAGE = 'docs/reference/settings.md'

const rows = Object.values(SETTINGS).map((setting) => {
  const fallback = setting.fallback === '' ? '(empty)' : `\`${setting.fallback}\``
  const secret = 'isSecret' in setting ? ' Holds a secret: never shown, never logged.' : ''
  return `| \`${setting.name}\` | ${fallback} | ${setting.meaning}${secret} |`
})
const page = [
  '# Settings',
  '',
  'Each is an environment variable, read once at start. Every wrong one is listed together, by name and never by value.',
  'This page is made from `src/app/config.ts` by `npm run settings -- --write`.',
  '',
  '| setting | default | meaning |',
  '|---|---|---|',
  ...rows,
  '',
].join('\n')

const written = await readFile(PAGE, 'utf8').catch(() => '')
if (written !== page && process.argv.includes('--write')) {
  await mkdir('docs/reference', { recursive: true })
  await writeFile(PAGE, page)
} else if (written !== page) {
  console.error(`${PAGE} has drifted from src/app/config.ts; run: npm run settings -- --write`)
  process.exit(1)
}
