import type { Decoded, Fault } from '../../kernel/result.ts'
import { type Place, spellPlace } from './place.ts'

/** More than anybody reads; keeps the answer to a hostile document small. */
const MOST = 100

/**
 * What reading a document finds wrong, or worth saying. Everything that reads adds to it and goes on, so that the
 * sender learns of all faults at once.
 */
export class Findings {
  readonly #faults: Finding[] = []
  readonly #notes: Finding[] = []
  #unsaid = 0

  /** Records what makes the document unreadable. `at` is empty for what concerns the document as a whole. */
  fault(at: Place | string, message: string, remedy?: string): void {
    if (this.#faults.length < MOST) this.#faults.push(finding(at, message, remedy))
    else this.#unsaid++
  }

  /** Records a departure that was tolerated, or something that was not read. */
  note(at: Place | string, message: string): void {
    if (this.#notes.length < MOST) this.#notes.push(finding(at, message))
  }

  get isClean(): boolean {
    return this.#faults.length === 0
  }

  /** The value with the notes, when there are no faults; else the faults. */
  conclude<T>(value: T): Decoded<T> {
    return this.isClean ? { ok: true, value, notes: inTextOrder(this.#notes) } : this.refuse()
  }

  /** The faults, in the order of the text. Only for a document that has some. */
  refuse(): { readonly ok: false; readonly faults: readonly Fault[] } {
    const faults = inTextOrder(this.#faults)
    const rest = { at: '', message: `${this.#unsaid} more faults are not listed; mend these first` }
    return { ok: false, faults: this.#unsaid === 0 ? faults : [...faults, rest] }
  }
}

interface Finding extends Fault {
  /** Segment and element, for sorting; what has no place comes last. */
  readonly order: number
}

function finding(at: Place | string, message: string, remedy?: string): Finding {
  const base = { message, ...(remedy === undefined ? {} : { remedy }) }
  if (typeof at === 'string') return { at, ...base, order: Number.POSITIVE_INFINITY }
  return { at: spellPlace(at), ...base, order: at.segment.number + (at.element ?? 0) / 1000 }
}

function inTextOrder(findings: readonly Finding[]): readonly Fault[] {
  return findings
    .toSorted((one, other) => (one.order === other.order ? 0 : one.order - other.order))
    .map(({ order: _, ...fault }) => fault)
}

/** Quotes what was found, shortened; an absent value is called empty. */
export function quote(value: string | undefined): string {
  if (value === undefined || value === '') return 'nothing'
  return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`
}
