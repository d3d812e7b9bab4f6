import type { Fault } from '../../kernel/result.ts'

/** How many faults, and how many notes, one document gets back. The rest are counted. */
export const MOST_LISTED = 100

/** Gathers what is wrong with a document, and what was put up with, while it is read. */
export class Findings {
  readonly #faults: Fault[] = []
  readonly #notes: Fault[] = []
  #faultCount = 0
  #noteCount = 0

  /** The document cannot be read as it stands. `at` is a JSON pointer. */
  fault(at: string, message: string, remedy?: string): void {
    this.#faultCount += 1
    if (this.#faultCount <= MOST_LISTED) this.#faults.push(finding(at, message, remedy))
  }

  /** Something departs from the format, and was put up with. `at` is a JSON pointer. */
  note(at: string, message: string, remedy?: string): void {
    this.#noteCount += 1
    if (this.#noteCount <= MOST_LISTED) this.#notes.push(finding(at, message, remedy))
  }

  /** Whether something at `at`, or inside it, is already faulted: then its absence is no further fault. */
  blames(at: string): boolean {
    return this.#faults.some((fault) => fault.at === at || fault.at.startsWith(`${at}/`))
  }

  get faults(): readonly Fault[] {
    return withRest(this.#faults, this.#faultCount)
  }

  get notes(): readonly Fault[] {
    return withRest(this.#notes, this.#noteCount)
  }
}

function finding(at: string, message: string, remedy: string | undefined): Fault {
  return remedy === undefined ? { at, message } : { at, message, remedy }
}

function withRest(listed: readonly Fault[], count: number): readonly Fault[] {
  if (count <= listed.length) return listed
  return [...listed, { at: '', message: `${count - listed.length} more are not listed` }]
}
