/** One import, file to file; a file with itself says only that it exists. */
export interface Import {
  readonly from: string
  readonly to: string
}

const BEGIN = '<!-- drawn from the imports: begin -->'
const END = '<!-- drawn from the imports: end -->'
const ORDER = [
  'app',
  'partners',
  'gateway',
  'utilization',
  'cases',
  'audit',
  'formats',
  'core',
  'platform',
  'kernel',
  'cli',
  'portal',
]
const WINGS = new Set(['partners', 'gateway', 'utilization', 'cases', 'formats', 'platform'])

/**
 * Puts the picture of the house between the marks of a page; the rest of the page is left as it is.
 *
 * @param page    the page as it stands; the marks are added at its end when it has none
 * @param imports every import of the tree, tests left out here
 */
export function drawHouse(page: string, imports: readonly Import[]): string {
  const own = imports.filter(({ from, to }) => ![from, to].some((file) => /\.test\.tsx?$/.test(file)))
  const picture = [BEGIN, '', ...mermaid(own), '', ...inventory(own), '', END].join('\n')
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (before < 0 || after < 0) return `${page.trimEnd()}\n\n${picture}\n`
  return page.slice(0, before) + picture + page.slice(after + END.length)
}

/** The room a file is in: the first folder under `src`, or `portal`. */
function roomOf(file: string): string | undefined {
  return /^portal\//.test(file) ? 'portal' : /^src\/([^/]+)\//.exec(file)?.[1]
}

function sliceOf(file: string): string | undefined {
  return /^src\/[^/]+\/([^/]+)\//.exec(file)?.[1]
}

function byOrder(a: string, b: string): number {
  return ORDER.indexOf(a) - ORDER.indexOf(b)
}

function mermaid(imports: readonly Import[]): string[] {
  const arrows = new Set<string>()
  for (const { from, to } of imports) {
    const [left, right] = [roomOf(from), roomOf(to)]
    if (left && right && left !== right) arrows.add(`${left} --> ${right}`)
  }
  const sorted = [...arrows].sort((a, b) => {
    const [[a1 = '', a2 = ''], [b1 = '', b2 = '']] = [a.split(' --> '), b.split(' --> ')]
    return byOrder(a1, b1) || byOrder(a2, b2)
  })
  return ['```mermaid', 'flowchart TD', ...sorted.map((arrow) => `  ${arrow}`), '```']
}

/** A table of rooms: their slices and how many files each has. */
function inventory(imports: readonly Import[]): string[] {
  const files = [...new Set(imports.map(({ from }) => from))]
  const rooms = [...new Set(files.map(roomOf))].filter((room) => room !== undefined).sort(byOrder)
  return [
    '| room | slices | may be entered from |',
    '|---|---|---|',
    ...rooms.map((room) => {
      const slices = [...new Set(files.filter((file) => roomOf(file) === room).map(sliceOf))]
        .filter((slice) => slice !== undefined)
        .sort()
      const callers = [
        ...new Set(
          imports
            .filter(({ from, to }) => roomOf(to) === room && roomOf(from) !== room)
            .map(({ from }) => roomOf(from)),
        ),
      ]
        .filter((caller) => caller !== undefined)
        .sort(byOrder)
      return `| \`${room}\` | ${WINGS.has(room) ? slices.join(', ') : ''} | ${callers.join(', ')} |`
    }),
  ]
}
