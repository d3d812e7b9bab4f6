import { FaultAt } from '../fault-at.ts'

/** An element with its names resolved. Comments and the white space of markup are gone. */
export interface XmlElement {
  /** Empty: of no namespace. */
  readonly namespace: string
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlElement[]
  /** All of its own text, CDATA among it; that of its children is not in it. */
  readonly text: string
}

export interface XmlAttribute {
  readonly namespace: string
  readonly name: string
  readonly value: string
}

/** How much of a document is read. Its length is bounded by whoever hands it in. */
const MOST = { depth: 40, elements: 1000, attributes: 40 } as const

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace'
const NAME = '[A-Za-z_][A-Za-z0-9_.-]*'
const QUALIFIED = `${NAME}(?::${NAME})?`
const DECLARATION =
  /<\?xml[\t\n ]+version[\t\n ]*=[\t\n ]*(["'])1\.0\1(?:[\t\n ]+encoding[\t\n ]*=[\t\n ]*(["'])([A-Za-z][A-Za-z0-9._-]*)\2)?(?:[\t\n ]+standalone[\t\n ]*=[\t\n ]*(["'])(?:yes|no)\4)?[\t\n ]*\?>/y
const START = new RegExp(`<(${QUALIFIED})`, 'y')
const ATTRIBUTE = new RegExp(`[\\t\\n ]+(${QUALIFIED})[\\t\\n ]*=[\\t\\n ]*(?:"([^"<]*)"|'([^'<]*)')`, 'y')
const START_END = /[\t\n ]*(\/?)>/y
const END = new RegExp(`</(${QUALIFIED})[\\t\\n ]*>`, 'y')
const SPACE = /[\t\n ]*/y
/** What XML 1.0 has no place for. @see XML 1.0 section 2.2 */
const NO_CHARACTER = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u
const REFERENCE = /&([^;&]{0,12};)?/g
const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * Reads XML 1.0 with namespaces as SOAP 1.2 allows it: no document type, so no entities of anybody's making; no processing
 * instruction. What it makes is never larger than what it was given. Never throws.
 *
 * @param text the document, decoded; its length is the caller's to bound
 * @returns    the root, or where the text stops being such a document: nothing after that can be trusted
 * @see XML 1.0 (Fifth Edition), Namespaces in XML 1.0, SOAP 1.2 Part 1 section 5
 */
export function readXml(
  text: string,
):
  | { readonly ok: true; readonly root: XmlElement }
  | { readonly ok: false; readonly at: string; readonly message: string } {
  const reader = new Reader(text.replaceAll(/\r\n?/g, '\n'))
  try {
    return { ok: true, root: reader.document() }
  } catch (error) {
    if (error instanceof FaultAt) return { ok: false, at: reader.place(error.offset), message: error.message }
    throw error
  }
}

type Scope = ReadonlyMap<string, string>

const OUTERMOST: Scope = new Map([
  ['', ''],
  ['xml', XML_NAMESPACE],
])

class Reader {
  readonly #text: string
  #at = 0
  #elements = 0

  constructor(text: string) {
    this.#text = text
  }

  /** `line 3, column 10`, from 1. */
  place(offset: number): string {
    const before = this.#text.slice(0, offset)
    return `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`
  }

  document(): XmlElement {
    const illegal = NO_CHARACTER.exec(this.#text)
    if (illegal) throw new FaultAt(illegal.index, 'a character that XML has no place for')
    if (/^<\?xml[\t\n ]/.test(this.#text)) this.#declaration()
    this.#misc()
    const root = this.#element(OUTERMOST, 1)
    this.#misc()
    if (this.#at < this.#text.length) this.#fail('expected the end of the document after its root')
    return root
  }

  #declaration(): void {
    const match = this.#take(DECLARATION)
    if (!match) this.#fail('the XML declaration is none of version 1.0')
    const encoding = match[3]?.toLowerCase() ?? 'utf-8'
    if (encoding !== 'utf-8' && encoding !== 'us-ascii')
      this.#fail('expected UTF-8, and another encoding is declared')
  }

  /** White space and comments, outside the root. */
  #misc(): void {
    for (;;) {
      this.#take(SPACE)
      if (!this.#startsWith('<!--')) break
      this.#comment()
    }
    this.#refuseMarkup()
  }

  #refuseMarkup(): void {
    if (this.#startsWith('<!'))
      this.#fail('a document type or another declaration; SOAP has none, and none is read')
    if (this.#startsWith('<?')) this.#fail('a processing instruction; SOAP has none, and none is read')
  }

  #element(outer: Scope, depth: number): XmlElement {
    const start = this.#at
    if (depth > MOST.depth) this.#fail(`elements within elements, more than ${MOST.depth} deep`)
    if (++this.#elements > MOST.elements) this.#fail(`more than ${MOST.elements} elements`)
    const qualified = this.#take(START)?.[1]
    if (qualified === undefined) this.#fail('expected an element')
    const written = this.#attributes()
    const scope = scopeOf(outer, written)
    const end = this.#take(START_END)
    if (!end) this.#fail('expected an attribute, or the end of the start tag')
    const { namespace, name } = resolve(qualified, scope, start, 'element')
    const attributes = attributesOf(written, scope)
    if (end[1] === '/') return { namespace, name, attributes, children: [], text: '' }
    return { namespace, name, attributes, ...this.#content(qualified, scope, depth, start) }
  }

  #attributes(): readonly Written[] {
    const written: Written[] = []
    for (;;) {
      const offset = this.#at
      const match = this.#take(ATTRIBUTE)
      if (!match) return written
      const [, name = '', double, single] = match
      if (written.some((one) => one.name === name))
        throw new FaultAt(offset, 'an attribute that stands twice')
      if (written.length >= MOST.attributes)
        throw new FaultAt(offset, `more than ${MOST.attributes} attributes`)
      const value = expand(double ?? single ?? '', offset).replaceAll(/[\t\n]/g, ' ')
      written.push({ name, value, offset })
    }
  }

  #content(
    qualified: string,
    scope: Scope,
    depth: number,
    start: number,
  ): Pick<XmlElement, 'children' | 'text'> {
    const children: XmlElement[] = []
    const text: string[] = []
    for (;;) {
      const next = this.#text.indexOf('<', this.#at)
      if (next < 0) throw new FaultAt(start, `<${qualified}> is not closed`)
      text.push(this.#characters(next))
      if (this.#startsWith('</')) {
        const offset = this.#at
        if (this.#take(END)?.[1] !== qualified) throw new FaultAt(offset, `expected </${qualified}>`)
        return { children, text: text.join('') }
      }
      if (this.#startsWith('<![CDATA[')) text.push(this.#upTo('<![CDATA[', ']]>'))
      else if (this.#startsWith('<!--')) this.#comment()
      else {
        this.#refuseMarkup()
        children.push(this.#element(scope, depth + 1))
      }
    }
  }

  #characters(end: number): string {
    const start = this.#at
    const raw = this.#text.slice(start, end)
    this.#at = end
    const closing = raw.indexOf(']]>')
    if (closing >= 0) throw new FaultAt(start + closing, ']]> outside a CDATA section')
    return expand(raw, start)
  }

  #comment(): void {
    const start = this.#at
    if (this.#upTo('<!--', '-->').includes('--')) throw new FaultAt(start, 'a comment with two hyphens in it')
  }

  #upTo(opening: string, closing: string): string {
    const end = this.#text.indexOf(closing, this.#at + opening.length)
    if (end < 0) this.#fail(`${opening} is not closed`)
    const inside = this.#text.slice(this.#at + opening.length, end)
    this.#at = end + closing.length
    return inside
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (!match) return undefined
    this.#at += match[0].length
    return match
  }

  #startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  #fail(message: string): never {
    throw new FaultAt(this.#at, message)
  }
}

interface Written {
  readonly name: string
  readonly value: string
  readonly offset: number
}

function scopeOf(outer: Scope, written: readonly Written[]): Scope {
  const declared = written.filter(({ name }) => name === 'xmlns' || name.startsWith('xmlns:'))
  if (declared.length === 0) return outer
  const scope = new Map(outer)
  for (const { name, value, offset } of declared) {
    const prefix = name.slice('xmlns:'.length)
    if (prefix === 'xmlns' || prefix === 'xml') throw new FaultAt(offset, 'a prefix that is reserved')
    if (prefix !== '' && value === '') throw new FaultAt(offset, 'a prefix for no namespace')
    scope.set(prefix, value)
  }
  return scope
}

function attributesOf(written: readonly Written[], scope: Scope): readonly XmlAttribute[] {
  const attributes: XmlAttribute[] = []
  for (const { name: qualified, value, offset } of written) {
    if (qualified === 'xmlns' || qualified.startsWith('xmlns:')) continue
    const { namespace, name } = resolve(qualified, scope, offset, 'attribute')
    if (attributes.some((one) => one.name === name && one.namespace === namespace))
      throw new FaultAt(offset, 'an attribute that stands twice')
    attributes.push({ namespace, name, value })
  }
  return attributes
}

/** An attribute without a prefix is of no namespace, whatever the default is. @see Namespaces in XML 1.0 section 6.2 */
function resolve(qualified: string, scope: Scope, offset: number, of: 'element' | 'attribute') {
  const colon = qualified.indexOf(':')
  if (colon < 0) return { namespace: of === 'element' ? (scope.get('') ?? '') : '', name: qualified }
  const namespace = scope.get(qualified.slice(0, colon))
  if (namespace === undefined) throw new FaultAt(offset, 'a prefix that no namespace is declared for')
  return { namespace, name: qualified.slice(colon + 1) }
}

/** The five entities that XML itself has, and characters by their number; there are no others without a document type. */
function expand(raw: string, offset: number): string {
  if (!raw.includes('&')) return raw
  return raw.replace(REFERENCE, (_reference, name: string | undefined, index: number) => {
    const character = name === undefined ? undefined : referred(name.slice(0, -1))
    if (character === undefined)
      throw new FaultAt(offset + index, 'a reference to an entity that XML itself does not have, or a bare &')
    return character
  })
}

function referred(name: string): string | undefined {
  if (Object.hasOwn(PREDEFINED, name)) return PREDEFINED[name]
  const match = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name)
  if (!match) return undefined
  const point = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16)
  if (point > 0x10ffff) return undefined
  const character = String.fromCodePoint(point)
  return NO_CHARACTER.test(character) ? undefined : character
}

/** Whether XML can hold a text, and gives it back as it was: a lone carriage return comes back as a line feed. */
export function isXmlText(text: string): boolean {
  return !NO_CHARACTER.test(text) && !text.includes('\r')
}
