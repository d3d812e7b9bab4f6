import type { InterchangeHeader, ReceivedTransaction } from '../../../formats/x12/index.ts'

/**
 * The text of a stream around the place that is being read, so that a transaction can be kept as it came. It holds what has
 * not been passed yet: one transaction, and a piece of the stream.
 */
export class EnvelopeText {
  #bytes = Buffer.alloc(0)
  /** Bytes of the stream before those held. */
  #start = 0
  #element = '*'
  #terminator = '~'
  #isa = ''
  #isaControl = ''
  #gs = ''

  /** Passes a stream on, in which every character is one: bytes that are no UTF-8 are U+FFFD, as its reader counts them. */
  async *through(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
    for await (const piece of pieces) yield this.#hold(utf8.decode(piece, { stream: true }))
    const rest = utf8.decode()
    if (rest !== '') yield this.#hold(rest)
  }

  openInterchange({ byte, delimiters, controlNumber }: InterchangeHeader): void {
    this.#element = delimiters.element
    this.#terminator = delimiters.segment
    this.#isaControl = controlNumber
    this.#pass(byte)
    this.#isa = this.#segment() ?? ''
  }

  openGroup(): void {
    for (let segment = this.#segment(); segment !== undefined; segment = this.#segment())
      if (idOf(segment, this.#element) === 'GS') {
        this.#gs = segment
        return
      }
  }

  /** A transaction as an interchange of its own; undefined for one with faults. */
  transaction({ byte, result }: ReceivedTransaction): string | undefined {
    // One with faults may lack its end, and then what follows is the next one's.
    if (!result.ok) return undefined
    this.#pass(byte)
    if (this.#start !== byte) throw new Error(`the text at byte ${byte} has been passed already`)
    const segments: string[] = []
    for (let segment = this.#segment(); segment !== undefined; segment = this.#segment()) {
      segments.push(segment)
      if (idOf(segment, this.#element) === 'SE') return this.#enveloped(segments)
    }
    return undefined
  }

  #enveloped(segments: readonly string[]): string {
    const group = this.#gs.split(this.#element)[6] ?? ''
    const trailer = (...elements: readonly string[]) => elements.join(this.#element)
    return [
      this.#isa,
      this.#gs,
      ...segments,
      trailer('GE', '1', group),
      trailer('IEA', '1', this.#isaControl),
    ]
      .map((segment) => segment + this.#terminator)
      .join('')
  }

  #hold(text: string): Buffer {
    const bytes = Buffer.from(text, 'utf8')
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes])
    return bytes
  }

  #pass(byte: number): void {
    if (byte <= this.#start) return
    this.#bytes = this.#bytes.subarray(byte - this.#start)
    this.#start = byte
  }

  /** The next segment, without its terminator and the line break before it, which is passed. */
  #segment(): string | undefined {
    const end = this.#bytes.indexOf(this.#terminator)
    if (end < 0) return undefined
    const segment = this.#bytes.toString('utf8', 0, end).trimStart()
    this.#pass(this.#start + end + Buffer.byteLength(this.#terminator))
    return segment
  }
}

const idOf = (segment: string, element: string) => segment.split(element, 1)[0]
