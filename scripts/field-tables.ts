/**
 * Makes `docs/reference/fields.md` from the tables of the JSON API; without `--write`, fails when the page has drifted.
 */
import { readFile, writeFile } from 'node:fs/promises'
import type { Row, Table } from '../src/formats/json/table.ts'
import { INQUIRY } from '../src/formats/json/tables/inquiry.ts'
import { INQUIRY_ANSWER } from '../src/formats/json/tables/inquiry-answer.ts'
import { meaningOf } from '../src/formats/json/tables/meanings.ts'
import { NOTICE } from '../src/formats/json/tables/notice.ts'
import { SUBMISSION } from '../src/formats/json/tables/submission.ts'
import { SUBMISSION_ANSWER } from '../src/formats/json/tables/submission-answer.ts'

const PAGE = 'docs/reference/fields.md'

interface Document {
  readonly title: string
  readonly about: string
  readonly table: Table
  readonly isAnswer: boolean
  /** Where its objects stand, if elsewhere than in the others. */
  readonly loops?: Readonly<Record<string, string>>
}

const DOCUMENTS: readonly Document[] = [
  {
    title: 'A submission',
    about: 'What `POST /submission` takes, and a 278 request of 005010X217 says.',
    table: SUBMISSION,
    isAnswer: false,
  },
  {
    title: 'The answer to a submission',
    about: 'The `json` of its envelope, and a 278 response of 005010X217.',
    table: SUBMISSION_ANSWER,
    isAnswer: true,
  },
  {
    title: 'A notice of admission',
    about:
      'What `POST /noa` takes, and a 278 notice of 005010X216 says: as a submission, but for these. It is answered as one is.',
    table: NOTICE.filter((row) => !SUBMISSION.includes(row)),
    isAnswer: false,
    loops: { source: '2010A', requester: '2010A' },
  },
  {
    title: 'An inquiry',
    about:
      'What `POST /inquiry` takes, and `/determination` and `/authorization`; and a 278 inquiry of 005010X215.',
    table: INQUIRY,
    isAnswer: false,
  },
  {
    title: 'The answer to an inquiry',
    about: 'The `json` of its envelope, and a 278 response of 005010X215.',
    table: INQUIRY_ANSWER,
    isAnswer: true,
  },
]

/** The loop that the fields of an object stand in, where it is another than that of the object around it. */
const LOOPS: Readonly<Record<string, string>> = {
  requester: '2010B',
  subscriber: '2010C',
  dependent: '2010D',
  patientEventDetail: '2000E',
  patientEventProviderName: '2010EA',
  patientEventTransportInformation: '2010EB',
  patientEventOtherUmoName: '2010EC',
  serviceLevel: '2000F',
  serviceProviderName: '2010F',
  requestValidation: '2000A',
  umRequestValidation: '2010A',
}

function loopOf(field: string, loop: string, { isAnswer, loops }: Document): string {
  if (isAnswer && field === 'patientEventTransportInformation') return '2010EC'
  return loops?.[field] ?? LOOPS[field] ?? loop
}

/** One object of a document: its own fields, and where it stands. */
interface Section {
  /** As a path: `patientEventDetail.serviceLevel[]`; empty for the document. */
  readonly path: string
  readonly meaning: string
  readonly core: string
  readonly note: string
  readonly rows: readonly (readonly string[])[]
}

/** An object and the objects in it, numbered fields of one list drawn together. */
function sectionsOf(
  table: Table,
  own: Omit<Section, 'rows'>,
  loop: string,
  document: Document,
): readonly Section[] {
  const rows: (readonly string[])[] = []
  const inner: Section[] = []
  for (const [first, last, count] of together(table)) {
    const meaning = meaningOf(first.field, 'x12' in first ? first.x12 : '')
    if (first.is === 'group' || first.is === 'list') {
      const open = first.is === 'list' ? '[]' : ''
      const core = joined(own.core, first.core === '' ? '' : `${first.core}${open}`)
      const path = joined(own.path, `${first.field}${open}`)
      rows.push([code(`${first.field}${open}`), `${meaning}: see below`, code(core), '', noteOf(first)])
      const section = { path, meaning, core, note: noteOf(first) }
      inner.push(...sectionsOf(first.rows, section, loopOf(first.field, loop, document), document))
    } else {
      const field = count === 1 ? code(first.field) : `${code(first.field)} … ${code(last.field)}`
      const core = 'core' in first ? code(first.core.replace(/\.\d+(?=\.|$)/g, '[]')) : ''
      rows.push([field, meaning, core, spellX12(first, last, loop, document.isAnswer), noteOf(first)])
    }
  }
  return [{ ...own, rows }, ...inner]
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('.')
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``
}

/** Consecutive fields of one name but for its number, whose places differ in an index alone. */
function together(table: Table): readonly (readonly [first: Row, last: Row, count: number])[] {
  const groups = new Map<string, Row[]>()
  for (const row of table) {
    const key =
      row.is === 'leaf'
        ? `${row.field.replace(/\d+$/, '')} ${row.core.replace(/\.\d+(?=\.|$)/g, '.#')}`
        : row.field
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].flatMap((rows) => {
    const [first, last] = [rows[0], rows.at(-1)]
    return first && last ? [[first, last, rows.length] as const] : []
  })
}

function spellX12(first: Row, last: Row, loop: string, isAnswer: boolean): string {
  const [from, until] = [first, last].map((row) => ('x12' in row ? row.x12 : ''))
  const whole = from === until ? (from ?? '') : `${from} … ${until?.replace(/^2\d{3}[A-F]+ /, '')}`
  if (whole === '' || /^(2\d{3}|ISA|GS|BHT|none)/.test(whole)) return whole
  const isOfPayer = /^(PER|AAA)/.test(whole) && loop === ''
  return [loop === '' && isOfPayer && isAnswer ? '2010A' : loop, whole]
    .filter((part) => part !== '')
    .join(' ')
}

function noteOf(row: Row): string {
  switch (row.is) {
    case 'leaf':
      return row.form.holds.replace('at most 1 characters', 'one character')
    case 'list':
      return row.most === Number.MAX_SAFE_INTEGER ? 'a list' : `a list of at most ${row.most}`
    case 'group':
      return row.always ? 'always written, `{}` when empty' : ''
    case 'elsewhere':
      return `for ${row.readers} alone`
    case 'unread':
      return 'never looked at'
    case 'unwritten':
      return `never written: ${row.why}`
  }
}

const head = ['field', 'meaning', 'core', 'X12', 'holds']

function spell(document: Document): string {
  const whole = { path: '', meaning: '', core: '', note: '' }
  const sections = sectionsOf(document.table, whole, '', document)
  return [`## ${document.title}`, '', document.about, '', ...sections.flatMap(spellSection)].join('\n')
}

function spellSection({ path, meaning, core, rows }: Section): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const place = core === '' ? '' : ` In the core: ${code(core)}.`
  const title = path === '' ? [] : [`### ${code(path)}`, '', `${capital(meaning)}.${place}`, '']
  return [...title, row(head), row(head.map(() => '---')), ...rows.map(row), '']
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

const page = [
  '# Fields',
  '',
  'Every field of the compatible JSON API: what it means, where it stands in the core model (`src/core/request.ts`,',
  '`src/core/decision.ts`; in answers partly a view of them), and where in a 278. Numbered fields are drawn together, and',
  'places in the core are told from the object that a table is about.',
  'What several fields mean together, and what is noted or refused, is in `src/formats/json/README.md`; how the segments are',
  'read, in `src/formats/x12/README.md`. A 278 has more than the JSON in few places: TRN, the pair of BHT02 and BHT06, and',
  'rejections whole.',
  '',
  'This page is made from `src/formats/json/tables` by `npm run fields -- --write`.',
  '',
  ...DOCUMENTS.map(spell),
].join('\n')

const written = await readFile(PAGE, 'utf8').catch(() => '')
if (written !== page && process.argv.includes('--write')) {
  await writeFile(PAGE, page)
} else if (written !== page) {
  console.error(`${PAGE} has drifted from src/formats/json/tables; run: npm run fields -- --write`)
  process.exit(1)
}
