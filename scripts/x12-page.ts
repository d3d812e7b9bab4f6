/**
 * Makes `docs/reference/x12-278.md` from the grammar of the codec; without `--write`, fails when the page has drifted.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { GUIDE_NAMES } from '../src/formats/x12/envelope/index.ts'
import { tableOf } from '../src/formats/x12/grammar/index.ts'
import type { Guide, LoopRule, SegmentRule, TransactionRule } from '../src/formats/x12/grammar/rules.ts'

const PAGE = 'docs/reference/x12-278.md'

const tables = (Object.keys(GUIDE_NAMES) as Guide[]).flatMap((guide) =>
  (['request', 'answer'] as const).map((direction) => tableOf(guide, direction)),
)

const page = [
  '# X12 278: what is read and written',
  '',
  'Loops and segments as the codec knows them, one table for each guide and direction, in the order of the guide. This page is',
  'made from `src/formats/x12/grammar` by `npm run x12-page -- --write`: the tables here are what decides what is read,',
  'refused and written. The guides are licensed by X12; what is said here is in our own words.',
  '',
  '- **Qualifiers**: what element 01 of the segment may be. Empty: anything.',
  '- **Must**: whether the segment has to be there when its loop is. A loop that has to be there says so in its heading.',
  '- **Most**: how many may stand in one loop. ∞: any number.',
  '- A segment or qualifier that is not listed has no place there: it is a fault with its position, but for a REF, which is',
  '  noted and not read. Segments out of this order are read and noted; strictly read, they are a fault.',
  '',
  '## Contents',
  '',
  ...tables.map((table) => `- [${titleOf(table)}](#${anchorOf(titleOf(table))})`),
  '',
  ...tables.flatMap(describeTable),
].join('\n')

function titleOf({ guide, direction }: TransactionRule): string {
  return `${GUIDE_NAMES[guide]}, ${direction}`
}

function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(',', '').replaceAll(' ', '-')
}

function describeTable(table: TransactionRule): readonly string[] {
  const kind = table.kind === undefined ? '' : `, BHT06 is \`${table.kind}\``
  return [
    `## ${titleOf(table)}`,
    '',
    `BHT02 is \`${table.purpose}\`${kind}.`,
    '',
    ...outline(table.body, 0),
    '',
    ...describeLoop(table.body, new Set()),
  ]
}

/** The loops as a tree. */
function outline(loop: LoopRule, depth: number): readonly string[] {
  const level = loop.level === undefined ? '' : ` (HL03 \`${loop.level}\`)`
  const line = `${'  '.repeat(depth)}- ${loop.id}${level}: ${loop.meaning}, ${often(loop)}`
  return [line, ...loop.loops.flatMap((inner) => outline(inner, depth + 1))]
}

function often({ isRequired, max }: Pick<LoopRule, 'isRequired' | 'max'>): string {
  if (isRequired)
    return max === 1
      ? 'always one'
      : `one or more${max === Number.POSITIVE_INFINITY ? '' : `, at most ${max}`}`
  return max === Number.POSITIVE_INFINITY ? 'any number' : max === 1 ? 'at most one' : `at most ${max}`
}

/** A loop that stands in two places, as the event does under subscriber and dependent, is described once. */
function describeLoop(loop: LoopRule, done: Set<LoopRule>): readonly string[] {
  if (done.has(loop)) return []
  done.add(loop)
  const heading = `### ${loop.id}: ${loop.meaning}`
  const opener =
    loop.level === undefined ? [] : [`Opened by HL with HL03 \`${loop.level}\`; ${often(loop)}.`, '']
  const own =
    loop.segments.length === 0 ? [] : [heading, '', ...opener, ...tableOfSegments(loop.segments), '']
  return [...own, ...loop.loops.flatMap((inner) => describeLoop(inner, done))]
}

function tableOfSegments(segments: readonly SegmentRule[]): readonly string[] {
  const rows = [
    ['Segment', 'Qualifiers', 'Must', 'Most', 'What it says'],
    ...segments.map(({ id, qualifiers, isRequired, max, meaning }) => [
      id,
      (qualifiers ?? []).map((code) => `\`${code}\``).join(' '),
      isRequired ? 'yes' : '',
      max === Number.POSITIVE_INFINITY ? '∞' : String(max),
      meaning,
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  const [header = [], ...body] = rows
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)]
}

const written = await readFile(PAGE, 'utf8').catch(() => '')
if (written !== page && process.argv.includes('--write')) await writeFile(PAGE, page)
else if (written !== page) {
  console.error(`${PAGE} has drifted from src/formats/x12/grammar; run: npm run x12-page -- --write`)
  process.exit(1)
}
