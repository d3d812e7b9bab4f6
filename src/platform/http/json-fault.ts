/** Where in a JSON text something is wrong, and what would have been right. Never says what stands there instead. */
export interface JsonFault {
  /** Index into the text, in UTF-16 units. */
  readonly index: number
  readonly expected: string
  /** The value that it concerns, as a JSON pointer; for a fault that is not one of syntax. */
  readonly pointer?: string
}

/**
 * Finds what is wrong with a text that is not JSON, or that repeats a name within an object. Slow and thorough: called
 * when a text has already been found bad.
 *
 * @param text nested no deeper than a call stack allows
 * @returns    faults of syntax: the first alone, since what follows it cannot be understood; repeated names: each
 * @see RFC 8259 sections 2 to 7
 */
export function jsonFaults(text: string): readonly JsonFault[] {
  const repeated: JsonFault[] = []
  try {
    new Reader(text, repeated).document()
    return repeated
  } catch (error) {
    if (error instanceof Unexpected) return [{ index: error.index, expected: error.expected }]
    throw error
  }
}

class Unexpected extends Error {
  readonly index: number
  readonly expected: string

  constructor(index: number, expected: string) {
    super(expected)
    this.index = index
    this.expected = expected
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WHITESPACE = /[ \t\n\r]*/y
const LITERALS = ['true', 'false', 'null']

class Reader {
  private index = 0
  private readonly text: string
  private readonly repeated: JsonFault[]

  constructor(text: string, repeated: JsonFault[]) {
    this.text = text
    this.repeated = repeated
  }

  document(): void {
    this.value('')
    this.space()
    if (this.index < this.text.length) throw new Unexpected(this.index, 'expected the end of the document')
  }

  private value(pointer: string): void {
    this.space()
    const first = this.text[this.index]
    if (first === '{') this.object(pointer)
    else if (first === '[') this.array(pointer)
    else if (first === '"') this.string()
    else if (first === '-' || (first !== undefined && first >= '0' && first <= '9')) this.number()
    else this.literal()
  }

  private object(pointer: string): void {
    const names = new Set<string>()
    this.index++
    this.space()
    if (this.skip('}')) return
    do {
      this.space()
      const at = this.index
      if (this.text[at] !== '"') throw new Unexpected(at, 'expected a name in double quotes')
      this.string()
      const name = JSON.parse(this.text.slice(at, this.index)) as string
      const member = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      if (names.has(name))
        this.repeated.push({ index: at, expected: 'the name stands in this object already', pointer: member })
      names.add(name)
      this.space()
      if (!this.skip(':')) throw new Unexpected(this.index, 'expected ":"')
      this.value(member)
      this.space()
    } while (this.skip(','))
    if (!this.skip('}')) throw new Unexpected(this.index, 'expected "," or "}"')
  }

  private array(pointer: string): void {
    this.index++
    this.space()
    if (this.skip(']')) return
    let position = 0
    do {
      this.value(`${pointer}/${position++}`)
      this.space()
    } while (this.skip(','))
    if (!this.skip(']')) throw new Unexpected(this.index, 'expected "," or "]"')
  }

  private string(): void {
    this.index++
    for (;;) {
      const character = this.text[this.index]
      if (character === undefined) throw new Unexpected(this.index, 'expected the closing quote of a string')
      if (character < ' ')
        throw new Unexpected(this.index, 'expected no control character within a string; escape it')
      if (character === '\\') this.escape()
      else this.index++
      if (character === '"') return
    }
  }

  private escape(): void {
    const pattern = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
    pattern.lastIndex = this.index
    const found = pattern.exec(this.text)
    if (!found)
      throw new Unexpected(this.index, 'expected one of the escapes \\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX')
    this.index += found[0].length
  }

  private number(): void {
    NUMBER.lastIndex = this.index
    const found = NUMBER.exec(this.text)
    if (!found) throw new Unexpected(this.index + 1, 'expected a digit')
    this.index += found[0].length
  }

  private literal(): void {
    const found = LITERALS.find((literal) => this.text.startsWith(literal, this.index))
    if (!found) throw new Unexpected(this.index, 'expected a value')
    this.index += found.length
  }

  private space(): void {
    WHITESPACE.lastIndex = this.index
    this.index += WHITESPACE.exec(this.text)?.[0].length ?? 0
  }

  private skip(character: string): boolean {
    if (this.text[this.index] !== character) return false
    this.index++
    return true
  }
}
