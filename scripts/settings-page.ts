/**
 * Makes `docs/reference/settings.md` from the settings themselves; without `--write`, fails when the page has drifted.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { SETTINGS } from '../src/app/config.ts'

const PAGE = 'docs/reference/settings.md'

const rows = [
  ['setting', 'default', 'meaning'],
  ...Object.values(SETTINGS).map((setting) => [
    `\`${setting.name}\``,
    setting.fallback === '' ? '(empty)' : `\`${setting.fallback}\``,
    `${setting.meaning}${'isSecret' in setting ? ' Holds a secret: never shown, never logged.' : ''}`,
  ]),
]
const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
const line = (cells: readonly string[]) =>
  `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
const [header = [], ...settings] = rows
const page = [
  '# Settings',
  '',
  'Each is an environment variable, read once at start. Every wrong one is listed together, by name and never by value.',
  'This page is made from `src/app/config.ts` by `npm run settings -- --write`.',
  '',
  // Aligned, so that it can be read as text too.
  line(header),
  line(widths.map((width) => '-'.repeat(width))),
  ...settings.map(line),
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
