import type { DropFolder } from './folder.ts'
import { type Piece, split } from './split.ts'

/** What the gateway said of one transaction. */
export type Outcome =
  /** A 278, or a TA1 or 999 that refuses it. */
  | { readonly kind: '278' | '999' | 'ta1'; readonly interchange: string }
  | { readonly kind: 'refused'; readonly error: string; readonly message: string }
  /** It could not be asked, or could not answer now: it is asked again. */
  | { readonly kind: 'later'; readonly message: string }

export type Ask = (piece: Piece) => Promise<Outcome>

type Told = Exclude<Outcome, { readonly kind: 'later' }>

export interface WorkedFile {
  readonly name: string
  readonly answered: number
  readonly refused: number
}

/**
 * Has every transaction of a claimed file answered, and puts answers and file where they belong.
 *
 * Each answer is written down as it comes, so that a file that is taken up again goes on where it was; one that was answered and
 * not yet written down is known again by its control numbers, and gets the same answer.
 *
 * @returns undefined, and the file stays claimed, when something has to be asked again later
 */
export async function workFile(
  folder: DropFolder,
  name: string,
  ask: Ask,
  say: (words: string) => void,
): Promise<WorkedFile | undefined> {
  const text = await folder.read(name)
  const pieces = split(text ?? '')
  const told = (await folder.journal(name)).map((line) => JSON.parse(line) as Told)
  for (const piece of pieces.slice(told.length)) {
    const outcome = await ask(piece)
    if (outcome.kind === 'later') {
      say(`${name}: ${outcome.message}; it is asked again`)
      return undefined
    }
    await folder.note(name, JSON.stringify(outcome))
    told.push(outcome)
  }
  for (const kind of ['278', '999', 'ta1'] as const) {
    const answers = told.flatMap((one) => (one.kind === kind ? [one.interchange] : []))
    if (answers.length > 0)
      await folder.put('out', `${name}.${kind}`, answers.map((one) => `${one}\n`).join(''))
  }
  const problems = text === undefined ? [TOO_LARGE] : problemsOf(name, pieces, told)
  if (problems.length > 0)
    await folder.put(
      'refused',
      `${name}.problem.json`,
      `${JSON.stringify({ file: name, problems }, null, 2)}\n`,
    )
  await folder.finish(problems.length > 0 ? 'refused' : 'done', name)
  return { name, answered: Math.max(0, told.length - problems.length), refused: problems.length }
}

const TOO_LARGE = { error: 'PayloadIllegal', message: 'The file has more than 32 MiB. Send it in parts.' }

function problemsOf(name: string, pieces: readonly Piece[], told: readonly Told[]): readonly object[] {
  if (pieces.length === 0) return [{ error: 'PayloadRequired', message: 'The file is empty.' }]
  return told.flatMap((outcome, index) => {
    if (outcome.kind === '278') return []
    const { interchange = 0, transaction = 0 } = pieces[index] ?? {}
    const where = { interchange, ...(transaction > 0 && { transaction }) }
    if (outcome.kind === 'refused') return [{ ...where, error: outcome.error, message: outcome.message }]
    return [
      { ...where, error: outcome.kind.toUpperCase(), message: `Refused; ${name}.${outcome.kind} says why.` },
    ]
  })
}
