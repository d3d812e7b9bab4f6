import { decodeInterchangeAcknowledgement } from './acknowledgements/interchange.ts'
import {
  type EnvelopeHandler,
  EnvelopeReader,
  type FoundTransaction,
  type OpenGroup,
  type OpenInterchange,
} from './envelope/index.ts'
import type { Findings, Reading, SegmentReader } from './reading/index.ts'
import type { GroupHeader, InterchangeEvent, InterchangeHeader, ReceivedTransaction } from './received.ts'
import { Cutter, readMoment } from './text/index.ts'
import { decodeTransactionSet } from './transaction-set.ts'

/** Text in, events out: pieces of a text of interchanges, cut anywhere. Every transaction is read as soon as its SE is there. */
export class InterchangeDecoder {
  readonly #cutter: Cutter
  readonly #envelope: EnvelopeReader
  #events: InterchangeEvent[] = []

  constructor(reading: Reading) {
    this.#envelope = new EnvelopeReader(
      reading,
      eventsTo((event) => this.#events.push(event)),
    )
    this.#cutter = new Cutter(this.#envelope, reading.budget)
  }

  /** True when nothing more can be read, whatever comes. */
  get isDone(): boolean {
    return this.#cutter.isDone
  }

  /** What the next piece of the text completes. */
  push(piece: string): readonly InterchangeEvent[] {
    this.#cutter.push(piece)
    return this.#drain()
  }

  /** What the end of the text completes. */
  end(): readonly InterchangeEvent[] {
    this.#cutter.end()
    this.#envelope.finish()
    return this.#drain()
  }

  #drain(): readonly InterchangeEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }
}

function eventsTo(give: (event: InterchangeEvent) => void): EnvelopeHandler {
  return {
    interchange: ({ isa, delimiters }) => give({ kind: 'interchange', header: headerOf(isa, delimiters) }),
    interchangeAnswer: (ta1) =>
      give({ kind: 'acknowledgement', acknowledgement: decodeInterchangeAcknowledgement(ta1) }),
    group: ({ gs }) => give({ kind: 'group', header: groupHeaderOf(gs) }),
    transaction: (found) => give({ kind: 'transaction', transaction: receive(found) }),
    groupEnd: ({ findings }, received, announced) =>
      give({ kind: 'group-end', received, announced, ...told(findings) }),
    interchangeEnd: ({ findings }) => give({ kind: 'interchange-end', ...told(findings) }),
    unreadable: (findings) => give({ kind: 'unreadable', faults: findings.faults() }),
  }
}

function told(findings: Findings) {
  return { faults: findings.faults(), notes: findings.notes() }
}

function headerOf(isa: SegmentReader, delimiters: OpenInterchange['delimiters']): InterchangeHeader {
  return {
    senderQualifier: isa.text(5) ?? '',
    senderId: isa.text(6) ?? '',
    receiverQualifier: isa.text(7) ?? '',
    receiverId: isa.text(8) ?? '',
    date: isa.text(9) ?? '',
    time: isa.text(10) ?? '',
    controlNumber: isa.text(13) ?? '',
    isAcknowledgementRequested: isa.text(14) === '1',
    usage: isa.text(15) === 'T' ? 'T' : 'P',
    delimiters,
    byte: isa.segment.byte,
  }
}

function groupHeaderOf(gs: OpenGroup['gs']): GroupHeader {
  return {
    kind: gs?.text(1) ?? '',
    applicationSender: gs?.text(2) ?? '',
    applicationReceiver: gs?.text(3) ?? '',
    controlNumber: gs?.text(6) ?? '',
    guide: gs?.text(8) ?? '',
    sentAt: readMoment(gs?.text(4), gs?.text(5)),
  }
}

function receive(found: FoundTransaction): ReceivedTransaction {
  const { st, body } = found
  return {
    set: st.text(1) ?? '',
    controlNumber: st.text(2) ?? '',
    guide: st.text(3) ?? '',
    segmentNumber: st.segment.number,
    byte: st.segment.byte,
    traceNumbers: body
      .filter(({ id }) => id === 'TRN')
      .flatMap(({ number, elements }) =>
        elements[2] ? [{ segmentNumber: number, value: elements[2] }] : [],
      ),
    result: decodeTransactionSet(found),
  }
}
