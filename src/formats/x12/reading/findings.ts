import type { Fault } from '../../../kernel/result.ts'
import type { CitedDecoded, CitedFault, FaultKind, FaultPlace, X12Decoded, X12Fault } from './faults.ts'
import { type Place, spellPlace } from './place.ts'
import type { Strictness } from './reading-options.ts'
import { RULES_BY_KIND } from './rules-of-syntax.ts'

/** More than anybody reads; keeps the answer to a hostile document small. */
const MOST = 100

/**
 * What reading a document finds wrong, or worth saying. Everything that reads adds to it and goes on, so that the
 * sender learns of all faults at once.
 */
export class Findings {
  readonly #strictness: Strictness
  readonly #faults: Finding[] = []
  readonly #notes: Finding[] = []
  #unsaid = 0

  constructor(strictness: Strictness = 'tolerant') {
    this.#strictness = strictness
  }

  get isStrict(): boolean {
    return this.#strictness === 'strict'
  }

  /** Records what makes the document unreadable. `at` is empty for what concerns the document as a whole. */
  fault(at: Place | string, message: string, remedy?: string, kind?: FaultKind, rule?: string): void {
    if (this.#faults.length < MOST) this.#faults.push({ at, message, remedy, kind, rule })
    else this.#unsaid++
  }

  /**
   * Records a departure that was tolerated, or something that was not read.
   *
   * @param rule where the rule stands that was departed from; in strict reading such a note is a fault
   */
  note(at: Place | string, message: string, rule?: string, kind?: FaultKind): void {
    if (rule !== undefined && this.isStrict) this.fault(at, message, undefined, kind, rule)
    else if (this.#notes.length < MOST) this.#notes.push({ at, message, remedy: undefined, kind, rule })
  }

  get isClean(): boolean {
    return this.#faults.length === 0
  }

  /** The value with the notes, when there are no faults; else the faults. */
  conclude<T>(value: T): CitedDecoded<T> {
    return this.isClean ? { ok: true, value, notes: inTextOrder(this.#notes).map(plain) } : this.refuse()
  }

  /** The faults, in the order of the text. Only for a document that has some. */
  refuse(): { readonly ok: false; readonly faults: readonly CitedFault[] } {
    return { ok: false, faults: [...this.#cited().map(plain), ...this.#rest()] }
  }

  /** As `conclude`, or as `refuse` when there is no value, with the parts of every place. */
  detailed<T>(value: T | undefined): X12Decoded<T> {
    if (value === undefined || !this.isClean) return { ok: false, faults: this.faults() }
    return { ok: true, value, notes: this.notes() }
  }

  faults(): readonly X12Fault[] {
    const rest = this.#rest().map((fault): X12Fault => ({ ...fault, kind: 'content' }))
    return [...this.#cited().map(inParts), ...rest]
  }

  notes(): readonly X12Fault[] {
    return inTextOrder(this.#notes).map(inParts)
  }

  /** In strict reading every fault says where its rule stands. */
  #cited(): readonly Finding[] {
    const faults = inTextOrder(this.#faults)
    return this.isStrict ? faults.map(citing) : faults
  }

  #rest(): readonly Fault[] {
    if (this.#unsaid === 0) return []
    return [{ at: '', message: `${this.#unsaid} more faults are not listed; mend these first` }]
  }
}

/** As recorded; places are spelled when somebody asks for them. */
interface Finding {
  readonly at: Place | string
  readonly message: string
  readonly remedy: string | undefined
  readonly kind: FaultKind | undefined
  readonly rule: string | undefined
}

/** What has no place comes last. */
function inTextOrder(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length < 2) return findings
  const order = ({ at }: Finding) =>
    typeof at === 'string' ? Number.POSITIVE_INFINITY : at.segment.number + (at.element ?? 0) / 1000
  return findings
    .map((found) => ({ found, place: order(found) }))
    .toSorted((one, other) => (one.place === other.place ? 0 : one.place - other.place))
    .map(({ found }) => found)
}

function citing(found: Finding): Finding {
  const { at, rule } = found
  if (rule !== undefined) return found
  const kind = found.kind ?? (typeof at === 'string' ? 'content' : kindOf(partsOf(at)))
  return { ...found, rule: RULES_BY_KIND[kind] }
}

function plain({ at, message, remedy, rule }: Finding): CitedFault {
  return {
    at: typeof at === 'string' ? at : spellPlace(at),
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(rule === undefined ? {} : { rule }),
  }
}

function inParts(found: Finding): X12Fault {
  const { at, kind } = found
  if (typeof at === 'string') return { ...plain(found), kind: kind ?? 'content' }
  const place = partsOf(at)
  return { ...plain(found), kind: kind ?? kindOf(place), place }
}

/** Where nobody said: an empty element misses something, a filled one has a value that is not among those allowed. */
function kindOf({ element, value }: FaultPlace): FaultKind {
  if (element === undefined) return 'content'
  return value === undefined ? 'element-missing' : 'code'
}

function partsOf({ segment, loop, element, component, part, missing }: Place): FaultPlace {
  const whole = element === undefined ? undefined : segment.elements[element]
  const value = component === undefined ? whole : part
  return {
    segmentId: segment.id,
    segmentNumber: segment.number,
    byte: segment.byte,
    ...(loop === undefined || loop === '' ? {} : { loop }),
    ...(element === undefined ? {} : { element }),
    ...(component === undefined ? {} : { component }),
    ...(value === undefined || value.trim() === '' ? {} : { value }),
    ...(missing === undefined ? {} : { missing }),
  }
}

/** Quotes what was found, shortened; an absent value is called empty. */
export function quote(value: string | undefined): string {
  if (value === undefined || value === '') return 'nothing'
  return value.length > 40 ? `"${value.slice(0, 40)}…"` : `"${value}"`
}
