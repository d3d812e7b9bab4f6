import { InterchangeDecoder } from './interchange-events.ts'
import type { X12Decoded, X12Fault } from './reading/index.ts'
import { type ReadingOptions, readingOf } from './reading/index.ts'
import type {
  InterchangeEvent,
  InterchangeHeader,
  ReceivedGroup,
  ReceivedInterchange,
  ReceivedTransaction,
} from './received.ts'

/**
 * Reads a whole interchange: any number of groups, in each any number of transactions, each of which is read or has its
 * faults for itself. Never throws.
 *
 * @param text one interchange, from ISA to IEA; what follows it is a fault of the interchange. Several in one text, or one too
 *             long to hold: `decodeStream`
 * @returns    faults alone when there is no interchange in it, or an ISA that cannot be read
 */
export function decodeInterchange(text: string, options?: ReadingOptions): X12Decoded<ReceivedInterchange> {
  const decoder = new InterchangeDecoder(readingOf(options))
  const collector = new Collector()
  for (const event of [...decoder.push(text), ...decoder.end()]) collector.take(event)
  return collector.conclude()
}

/** Puts the events of one interchange together. */
class Collector {
  #header: InterchangeHeader | undefined
  readonly #acknowledgements: ReceivedInterchange['acknowledgements'][number][] = []
  readonly #groups: ReceivedGroup[] = []
  #group: ReceivedGroup['header'] | undefined
  #transactions: ReceivedTransaction[] = []
  readonly #faults: X12Fault[] = []
  #notes: readonly X12Fault[] = []
  /** Another interchange came; what it holds is not read. */
  #isOver = false

  take(event: InterchangeEvent): void {
    if (this.#isOver) return
    switch (event.kind) {
      case 'interchange':
        this.#open(event.header)
        break
      case 'acknowledgement':
        this.#acknowledgements.push(event.acknowledgement)
        break
      case 'group':
        this.#group = event.header
        break
      case 'transaction':
        this.#transactions.push(event.transaction)
        break
      case 'group-end':
        this.#endGroup(event)
        break
      case 'interchange-end':
        this.#faults.push(...event.faults)
        this.#notes = event.notes
        break
      case 'unreadable':
        this.#faults.push(...event.faults)
        break
    }
  }

  conclude(): X12Decoded<ReceivedInterchange> {
    const [faults, notes] = [this.#faults, this.#notes]
    if (this.#header === undefined) return { ok: false, faults }
    const value = {
      header: this.#header,
      acknowledgements: this.#acknowledgements,
      groups: this.#groups,
      faults,
      notes,
    }
    return { ok: true, value, notes }
  }

  #open(header: InterchangeHeader): void {
    if (this.#header === undefined) {
      this.#header = header
      return
    }
    this.#isOver = true
    this.#faults.push({
      at: `ISA, segment 1, byte ${header.byte}`,
      message: 'a second ISA: one interchange is read',
      remedy: 'Send each interchange for itself, or read them as a stream.',
      kind: 'content',
      place: { segmentId: 'ISA', segmentNumber: 1, byte: header.byte },
    })
  }

  #endGroup({ received, announced, faults, notes }: Extract<InterchangeEvent, { kind: 'group-end' }>): void {
    const header = this.#group ?? NO_GROUP
    this.#groups.push({ header, transactions: this.#transactions, received, announced, faults, notes })
    this.#group = undefined
    this.#transactions = []
  }
}

/** Where transactions stood outside any group. */
const NO_GROUP: ReceivedGroup['header'] = {
  kind: '',
  applicationSender: '',
  applicationReceiver: '',
  controlNumber: '',
  guide: '',
  sentAt: undefined,
}
