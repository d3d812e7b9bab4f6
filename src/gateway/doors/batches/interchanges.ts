import { decodeStream, type ReceivedTransaction, type X12Fault } from '../../../formats/x12/index.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import { type NewItem, UPLOAD, type Upload } from '../../batches/index.ts'
import { EnvelopeText } from './envelope-text.ts'
import type { GroupFacts, InterchangeFacts, TransactionFacts } from './interchange-facts.ts'

/** Items that are kept in one transaction. */
const TOGETHER = 100

/**
 * Takes the transactions of a file of interchanges, each as an interchange of its own, so that it is read again as the door of
 * one request reads it. A transaction with faults is an item that is refused; so is each of a group or an interchange that has faults of its
 * own, as one that is cut off has: nothing is done of part of a broken interchange.
 *
 * @throws Problem `request/invalid` with the place: what comes is no interchange, and nothing after it can be told;
 *                 `request/too-large` as many interchanges or items as a batch does not take
 */
export async function takeInterchanges(pieces: AsyncIterable<Uint8Array>, upload: Upload): Promise<void> {
  const text = new EnvelopeText()
  const file = new FileReading(upload)
  for await (const event of decodeStream(text.through(pieces))) {
    switch (event.kind) {
      case 'interchange':
        text.openInterchange(event.header)
        file.openInterchange(event.header)
        break
      case 'group':
        text.openGroup()
        file.openGroup(event.header)
        break
      case 'transaction':
        await file.add(event.transaction, text.transaction(event.transaction))
        break
      case 'group-end':
        await file.endGroup(event)
        break
      case 'interchange-end':
        await file.endInterchange(event.faults)
        break
      case 'unreadable':
        throw new Problem(
          'request/invalid',
          'The file cannot be read as X12 interchanges; nothing was kept.',
          {
            faults: event.faults.map(told),
          },
        )
      case 'acknowledgement':
        break
    }
  }
}

/** Where a reading of a file is, and what of it is not kept yet. */
class FileReading {
  readonly #upload: Upload
  #held: NewItem[] = []
  #interchange = 0
  #header: InterchangeFacts['header'] | undefined
  #groups: GroupFacts[] = []
  #group: GroupFacts['header'] | undefined
  #transaction = 0

  constructor(upload: Upload) {
    this.#upload = upload
  }

  openInterchange(header: InterchangeFacts['header']): void {
    this.#interchange++
    if (this.#interchange > UPLOAD.interchanges)
      throw new Problem(
        'request/too-large',
        `A file has ${UPLOAD.interchanges} interchanges at most; nothing was kept. Send the rest as another batch.`,
      )
    this.#header = header
    this.#groups = []
  }

  openGroup(header: GroupFacts['header']): void {
    this.#group = header
    this.#transaction = 0
  }

  async add(transaction: ReceivedTransaction, text: string | undefined): Promise<void> {
    this.#transaction++
    this.#held.push({
      place: {
        interchange: this.#interchange,
        group: this.#groups.length + 1,
        transaction: this.#transaction,
      },
      facts: factsOf(transaction),
      ...bodyOf(transaction, text),
    })
    if (this.#held.length >= TOGETHER) await this.#keep()
  }

  async endGroup(end: Omit<GroupFacts, 'header'>): Promise<void> {
    const { received, announced, faults } = end
    this.#groups.push({ header: this.#group ?? NO_GROUP, received, announced, faults })
    this.#group = undefined
    this.#transaction = 0
    await this.#keep()
    if (faults.length > 0)
      await this.#upload.refuseGroup(
        this.#interchange,
        this.#groups.length,
        refusal('The group that the transaction came in has faults, so none of it was done.', faults),
      )
  }

  async endInterchange(faults: readonly X12Fault[]): Promise<void> {
    await this.#keep()
    if (!this.#header) throw new Error('an interchange ended that never began')
    const facts: InterchangeFacts = { header: this.#header, groups: this.#groups, faults }
    const broken = 'The interchange that the transaction came in has faults, so none of it was done.'
    await this.#upload.addInterchange(
      this.#interchange,
      facts,
      faults.length > 0 ? refusal(broken, faults) : undefined,
    )
  }

  async #keep(): Promise<void> {
    const items = this.#held
    this.#held = []
    await this.#upload.add(items)
  }
}

/** Where transactions stood outside any group, which is a fault of their interchange. */
const NO_GROUP: GroupFacts['header'] = {
  kind: '',
  applicationSender: '',
  applicationReceiver: '',
  controlNumber: '',
  guide: '',
  sentAt: undefined,
}

function factsOf({ result, ...transaction }: ReceivedTransaction): TransactionFacts {
  return { ...transaction, ...(result.ok ? {} : { faults: result.faults }) }
}

function bodyOf(
  { result }: ReceivedTransaction,
  text: string | undefined,
): Pick<NewItem, 'body' | 'problem'> {
  if (!result.ok)
    return { problem: refusal('The transaction has faults; nothing was done of it.', result.faults) }
  if (result.value.kind !== 'request' || text === undefined)
    return {
      problem: new Problem('request/invalid', 'The transaction asks for nothing that a batch does.', {
        faults: [
          {
            at: 'ST-01',
            message: 'expected a request for review, an inquiry or a notice (278)',
            remedy: 'Leave answers and acknowledgements out of the file.',
          },
        ],
      }),
    }
  return { body: new TextEncoder().encode(text) }
}

function refusal(detail: string, faults: readonly X12Fault[]): Problem {
  return new Problem('request/invalid', `${detail} Mend what is listed and send it again.`, {
    faults: faults.map(told),
  })
}

/** A fault without its parts, which only an acknowledgement needs. */
function told({ at, message, remedy }: X12Fault): Fault {
  return { at, message, ...(remedy === undefined ? {} : { remedy }) }
}
