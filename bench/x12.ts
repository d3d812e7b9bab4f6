// npm run bench -- --only=x12: our X12 codec beside node-x12 and x12-parser, each work in a process of its own.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const WORKER = join(import.meta.dirname, 'x12-worker.ts')

/** Named in `--only`. */
export const X12 = 'x12'

const IN_FULL = 'ours'
const IN_PART = 'ours, in part'

/** Each with what of ours does nearest the same: a peer that does less is held against ours doing less. */
const CONTESTANTS = {
  ours: IN_FULL,
  'ours, in part': IN_PART,
  'node-x12': IN_PART,
  'node-x12, validating': IN_FULL,
  'node-x12, mapping': IN_FULL,
  'node-x12, all it can': IN_FULL,
  'x12-parser': IN_PART,
} as const
type Contestant = keyof typeof CONTESTANTS

const WORKS = {
  one: 'interchanges of one request, no two alike',
  large: 'one interchange of 2000 requests',
  stream: 'a stream of 100 MB',
} as const

/** How fast a codec did one work, and the most memory that its process ever had. */
export interface CodecFigure {
  readonly work: string
  readonly contestant: Contestant
  readonly does: string
  /** Per second of processor time. Absent where a package is not installed. */
  readonly megabytesPerSecond?: number
  readonly peakMb?: number
}

/**
 * @param seconds how long each is repeated; the stream is read once
 * @param folder  where the peers are installed, when not here
 */
export async function measureCodecs(
  seconds: number,
  folder: string | undefined,
): Promise<readonly CodecFigure[]> {
  const figures: CodecFigure[] = []
  for (const work of Object.keys(WORKS) as (keyof typeof WORKS)[]) {
    for (const contestant of Object.keys(CONTESTANTS) as Contestant[]) {
      if (work === 'stream' && contestant !== 'ours' && contestant !== 'x12-parser') continue
      figures.push(await measureOne(work, contestant, seconds, folder))
    }
  }
  return figures
}

async function measureOne(
  work: keyof typeof WORKS,
  contestant: Contestant,
  seconds: number,
  folder: string | undefined,
): Promise<CodecFigure> {
  const title = { work: WORKS[work], contestant }
  try {
    const rest = folder === undefined ? [] : [folder]
    const { stdout } = await run(process.execPath, [WORKER, contestant, work, String(seconds), ...rest])
    return { ...title, ...(JSON.parse(stdout) as Omit<CodecFigure, 'work' | 'contestant'>) }
  } catch (error) {
    const isAbsent = String(error).includes('MODULE_NOT_FOUND')
    return { ...title, does: isAbsent ? 'is not installed' : `failed: ${String(error).slice(0, 200)}` }
  }
}

/**
 * The figures as lines of text, with how many times faster ours was: doing the nearest to the same (like for like), and doing
 * all that it does, whatever the other did.
 */
export function tableOfCodecs(figures: readonly CodecFigure[]): string {
  const lines = figures.map((figure) => {
    const speed = figure.megabytesPerSecond
    const timesOf = (one: Contestant) => {
      const ours = figures.find(({ work, contestant }) => work === figure.work && contestant === one)
      const isItself = figure.contestant === IN_FULL || figure.contestant === IN_PART
      if (isItself || !speed || !ours?.megabytesPerSecond) return ''
      return `${(ours.megabytesPerSecond / speed).toFixed(1)}x`
    }
    return [
      figure.work,
      figure.contestant,
      speed?.toFixed(1) ?? '-',
      figure.peakMb?.toFixed(0) ?? '-',
      timesOf(CONTESTANTS[figure.contestant]),
      timesOf(IN_FULL),
      figure.does,
    ]
  })
  const rows = [
    ['work', 'codec', 'MB/s CPU', 'peak MB', 'like for like', 'ours in full', 'what it does'],
    ...lines,
  ]
  const widths = [0, 1, 2, 3, 4, 5].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
}
