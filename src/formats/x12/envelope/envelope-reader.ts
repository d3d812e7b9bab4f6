import type { Reading } from '../reading/index.ts'
import { Findings, quote, SegmentReader } from '../reading/index.ts'
import type { Delimiters, HeaderMarks, Segment, SegmentSink } from '../text/index.ts'
import {
  checkGroup,
  checkGroupEnd,
  checkInterchange,
  checkInterchangeEnd,
  checkTransactionEnd,
  checkTransactionStart,
} from './envelope-checks.ts'
import { checkHeader } from './header-checks.ts'
import { checkShape } from './shape.ts'

/** An interchange that has begun. */
export interface OpenInterchange {
  readonly isa: SegmentReader
  readonly delimiters: Delimiters
  readonly findings: Findings
}

/** A group that has begun. */
export interface OpenGroup {
  /** Undefined when a transaction stood outside any group. */
  readonly gs: SegmentReader | undefined
  readonly findings: Findings
}

/** A transaction from ST to SE, or as far as it went. */
export interface FoundTransaction {
  readonly interchange: OpenInterchange
  readonly group: OpenGroup
  readonly st: SegmentReader
  /** What stands between ST and SE. */
  readonly body: readonly Segment[]
  /** False when it goes beyond the budget, and `body` is only its beginning. */
  readonly isWhole: boolean
  readonly findings: Findings
}

/** Is told what the envelope holds, in the order of the text. */
export interface EnvelopeHandler {
  interchange?(opened: OpenInterchange): void
  /** A TA1, which answers an interchange sent before. */
  interchangeAnswer?(ta1: SegmentReader): void
  group?(opened: OpenGroup): void
  transaction(found: FoundTransaction): void
  /**
   * @param received  how many transactions were found in it
   * @param announced how many its GE counts; 0 when that is no number, or there is no GE
   */
  groupEnd?(ended: OpenGroup, received: number, announced: number): void
  interchangeEnd?(ended: OpenInterchange): void
  /** Text that is no interchange, or an ISA that names no delimiters. */
  unreadable?(findings: Findings): void
}

interface InInterchange extends OpenInterchange {
  groups: number
  hasAnswer: boolean
}

interface InGroup extends OpenGroup {
  transactions: number
}

interface InTransaction {
  readonly st: SegmentReader
  readonly body: Segment[]
  readonly findings: Findings
  /** Segments, ST and SE included. */
  count: number
  levels: number
  isWhole: boolean
}

const WHOLE = 'Send the interchange whole, from ISA to IEA.'

/**
 * Takes the envelope off: ISA, GS and ST, and the SE, GE and IEA that close them, whose counts and numbers must agree.
 *
 * Groups and transactions may be any number. Each transaction, each group and each interchange has findings of its own, so
 * that one faulty transaction leaves its neighbours as they are.
 */
export class EnvelopeReader implements SegmentSink {
  readonly #reading: Reading
  readonly #handler: EnvelopeHandler
  readonly #newFindings: () => Findings
  #interchange: InInterchange | undefined
  #group: InGroup | undefined
  #transaction: InTransaction | undefined
  /** The segment before the one that is taken. */
  #last: Segment | undefined
  /** The id of the last segment of the envelope. */
  #after = ''

  /** @param newFindings where findings of each level go; new ones for each when left out */
  constructor(reading: Reading, handler: EnvelopeHandler, newFindings?: () => Findings) {
    this.#reading = reading
    this.#handler = handler
    this.#newFindings = newFindings ?? (() => new Findings(reading.strictness))
  }

  header(isa: Segment, delimiters: Delimiters | undefined, marks: HeaderMarks): void {
    this.#leaveInterchange()
    const findings = this.#newFindings()
    checkHeader(isa, delimiters, marks, findings)
    if (delimiters === undefined) {
      this.#handler.unreadable?.(findings)
      return
    }
    const reader = new SegmentReader(isa, '', delimiters.component, findings)
    checkInterchange(reader, findings)
    this.#interchange = { isa: reader, delimiters, findings, groups: 0, hasAnswer: false }
    this.#last = isa
    this.#after = 'ISA'
    this.#handler.interchange?.(this.#interchange)
  }

  segment(segment: Segment): void {
    const { budget } = this.#reading
    const transaction = this.#transaction
    const level = this.#innermost()
    if (level !== undefined) checkShape(segment, budget, level)
    switch (segment.id) {
      case 'GS':
        this.#openGroup(segment)
        break
      case 'ST':
        this.#openTransaction(segment)
        break
      case 'SE':
        this.#endTransaction(segment)
        break
      case 'GE':
        this.#endGroup(segment)
        break
      case 'IEA':
        this.#endInterchange(segment)
        break
      default:
        if (transaction !== undefined) this.#keep(transaction, segment)
        else this.#takeOutside(segment)
        this.#last = segment
        return
    }
    this.#last = segment
    this.#after = segment.id
  }

  stray(byte: number, found: string): void {
    this.#leaveInterchange()
    const findings = this.#newFindings()
    findings.fault(
      `byte ${byte}`,
      `expected an interchange, which begins with ISA, found ${quote(found)}`,
      'Send the whole interchange, from ISA to IEA.',
      'no-interchange',
    )
    this.#handler.unreadable?.(findings)
  }

  cutOffInHeader(byte: number): void {
    this.#leaveInterchange()
    const findings = this.#newFindings()
    findings.fault(
      `byte ${byte}`,
      'the text ends inside the ISA, which is 106 characters with its terminator',
      undefined,
      'cut-off',
    )
    this.#handler.unreadable?.(findings)
  }

  cutOff(byte: number, segment: Segment, raw: string): void {
    this.#innermost()?.fault(
      `byte ${byte}`,
      `the text ends inside segment ${segment.number} (${quote(raw)}): no segment terminator`,
      'Send the interchange whole; the last segment is IEA, and it is terminated too.',
      'cut-off',
    )
  }

  /** To be called when the text is over; whatever is still open has lost its end. */
  finish(): void {
    this.#leaveInterchange()
  }

  #openGroup(segment: Segment): void {
    const interchange = this.#interchange
    if (interchange === undefined) return
    this.#leaveGroup()
    const findings = this.#newFindings()
    const gs = this.#read(segment, findings)
    checkGroup(gs, interchange.isa, findings)
    this.#group = { gs, findings, transactions: 0 }
    interchange.groups++
    this.#handler.group?.(this.#group)
  }

  #openTransaction(segment: Segment): void {
    const interchange = this.#interchange
    if (interchange === undefined) return
    this.#leaveTransaction()
    this.#group ??= this.#groupOutOfNothing(interchange, segment)
    this.#group.transactions++
    const findings = this.#newFindings()
    const st = this.#read(segment, findings)
    checkTransactionStart(st)
    this.#transaction = { st, body: [], findings, count: 1, levels: 0, isWhole: true }
  }

  #groupOutOfNothing(interchange: InInterchange, st: Segment): InGroup {
    this.#missing('GS', 'the group', interchange.findings, st, true)
    interchange.groups++
    return { gs: undefined, findings: interchange.findings, transactions: 0 }
  }

  /** A segment between ST and SE, as long as the budget lasts. */
  #keep(transaction: InTransaction, segment: Segment): void {
    const { segments, levels } = this.#reading.budget
    transaction.count++
    if (!transaction.isWhole) return
    if (segment.id === 'HL') transaction.levels++
    const isOver =
      transaction.levels > levels
        ? `more than ${levels} levels (HL)`
        : transaction.body.length >= segments
          ? `more than ${segments} segments`
          : undefined
    if (isOver === undefined) {
      transaction.body.push(segment)
      return
    }
    transaction.isWhole = false
    const remedy = 'Send it as several transactions.'
    transaction.findings.fault({ segment }, `the transaction has ${isOver}; none is read`, remedy, 'budget')
  }

  #takeOutside(segment: Segment): void {
    const interchange = this.#interchange
    if (interchange === undefined) return
    if (segment.id === 'TA1' && this.#group === undefined) {
      interchange.hasAnswer = true
      this.#handler.interchangeAnswer?.(this.#read(segment, interchange.findings))
      return
    }
    const findings = this.#group?.findings ?? interchange.findings
    findings.fault(
      { segment },
      `stands outside a transaction: after ${this.#after}, not between ST and SE`,
      undefined,
      'stray',
    )
  }

  #endTransaction(segment: Segment): void {
    const transaction = this.#transaction
    if (transaction === undefined) {
      this.#reportClosed(segment, 'transaction')
      return
    }
    const se = this.#read(segment, transaction.findings)
    checkTransactionEnd(se, transaction.st, transaction.count + 1)
    this.#transactionIsOver()
  }

  #endGroup(segment: Segment): void {
    this.#leaveTransaction()
    const group = this.#group
    if (group?.gs === undefined) {
      this.#reportClosed(segment, 'group')
      this.#groupIsOver()
      return
    }
    const ge = this.#read(segment, group.findings)
    checkGroupEnd(ge, group.gs, group.transactions)
    const count = ge.text(1) ?? ''
    this.#groupIsOver(/^\d{1,6}$/.test(count) ? Number(count) : 0)
  }

  #endInterchange(segment: Segment): void {
    this.#leaveGroup()
    const interchange = this.#interchange
    if (interchange === undefined) return
    checkInterchangeEnd(this.#read(segment, interchange.findings), interchange.isa, interchange)
    this.#interchangeIsOver()
  }

  #reportClosed(segment: Segment, what: string): void {
    const message = `${segment.id} ends a ${what}, and none is open here`
    this.#innermost()?.fault({ segment }, message, undefined, 'stray')
  }

  #leaveTransaction(): void {
    const transaction = this.#transaction
    if (transaction === undefined) return
    this.#missing('SE', 'the end of the transaction', transaction.findings, this.#last)
    this.#transactionIsOver()
  }

  #leaveGroup(): void {
    this.#leaveTransaction()
    const group = this.#group
    if (group === undefined) return
    if (group.gs !== undefined) this.#missing('GE', 'the end of the group', group.findings, this.#last)
    this.#groupIsOver()
  }

  #leaveInterchange(): void {
    this.#leaveGroup()
    const interchange = this.#interchange
    if (interchange === undefined) return
    this.#missing('IEA', 'the end of the interchange', interchange.findings, this.#last)
    this.#interchangeIsOver()
  }

  #transactionIsOver(): void {
    const transaction = this.#transaction
    const interchange = this.#interchange
    const group = this.#group
    this.#transaction = undefined
    if (transaction === undefined || interchange === undefined || group === undefined) return
    const { st, body, isWhole, findings } = transaction
    this.#handler.transaction({ interchange, group, st, body, isWhole, findings })
  }

  #groupIsOver(announced = 0): void {
    const group = this.#group
    this.#group = undefined
    if (group === undefined) return
    if (group.transactions === 0) {
      this.#missing('ST', 'the transaction', group.findings, group.gs?.segment, false)
    }
    this.#handler.groupEnd?.(group, group.transactions, announced)
  }

  #interchangeIsOver(): void {
    const interchange = this.#interchange
    this.#interchange = undefined
    if (interchange === undefined) return
    if (interchange.groups === 0 && !interchange.hasAnswer) {
      this.#missing('GS', 'the group', interchange.findings, interchange.isa.segment)
    }
    this.#handler.interchangeEnd?.(interchange)
  }

  /** The findings of the innermost level that is open. */
  #innermost(): Findings | undefined {
    return this.#transaction?.findings ?? this.#group?.findings ?? this.#interchange?.findings
  }

  #read(segment: Segment, findings: Findings): SegmentReader {
    return new SegmentReader(segment, '', this.#interchange?.delimiters.component ?? ':', findings)
  }

  #missing(id: string, what: string, findings: Findings, after: Segment | undefined, isHeader = false): void {
    if (after === undefined) return
    findings.fault(
      { segment: after, missing: id },
      `expected ${id} (${what}) ${isHeader ? 'before' : 'after'} this; it is missing`,
      WHOLE,
      isHeader ? 'header-missing' : 'trailer-missing',
    )
  }
}
