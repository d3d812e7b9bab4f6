import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { readXml, type XmlElement } from './read-xml.ts'

/** The same tree, by a reader that many use. */
function bySaxes(text: string): XmlElement | undefined {
  const parser = new SaxesParser({ xmlns: true })
  const open: (XmlElement & { children: XmlElement[]; text: string })[] = []
  let root: XmlElement | undefined
  let isFaulty = false
  parser.on('error', () => {
    isFaulty = true
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    const element = {
      namespace: uri,
      name: local,
      attributes: Object.values(attributes)
        .filter(({ name }) => name !== 'xmlns' && !name.startsWith('xmlns:'))
        .map((one) => ({ namespace: one.uri, name: one.local, value: one.value })),
      children: [],
      text: '',
    }
    open.at(-1)?.children.push(element)
    root ??= element
    open.push(element)
  })
  const add = (more: string) => {
    const element = open.at(-1)
    if (element) element.text += more
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  return isFaulty ? undefined : root
}

const aName = fc.constantFrom('a', 'b', 'p:a', 'q:b', 's:Envelope')
const anAttribute = fc.constantFrom(
  '',
  ' x="1"',
  " y='&lt;&#65;'",
  ' xmlns="u"',
  ' xmlns:p="v"',
  ' xmlns:q="w" q:x="2"',
  ' p:y="\n"',
)
const aText = fc.constantFrom(
  '',
  'text',
  ' ',
  '\r\n',
  '&amp;',
  '&#x41;',
  '<![CDATA[<&]]>',
  '<!-- c -->',
  ']]',
  'é',
  '𝄞',
  '"',
  "'",
  '>',
)
const { element: anElement } = fc.letrec<{ element: string; content: string }>((tie) => ({
  content: fc.oneof({ depthSize: 'small' }, aText, tie('element')),
  element: fc
    .tuple(aName, fc.array(anAttribute, { maxLength: 3 }), fc.array(tie('content'), { maxLength: 4 }))
    .map(([name, attributes, content]) => {
      const inside = content.join('')
      const start = `<${name}${attributes.join('')}`
      return inside === '' ? `${start}/>` : `${start}>${inside}</${name}>`
    }),
}))
/**
 * What the two see differently: saxes takes spaces off the name of a namespace, which XML does not, reads processing instructions,
 * which SOAP does not have, and is handed text whatever encoding it declares.
 */
const ON_PURPOSE = /xmlns(?::\w)?="[^"]* [^"]*"|<\?(?!xml )|encoding="(?!UTF-8")/i

/** As written, or with a few characters struck out or put in. */
const aDocument = fc
  .tuple(
    fc.constantFrom('', '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8"?>\n', '<!-- c -->'),
    anElement.map((text) => `<s:Envelope xmlns:s="s" xmlns:p="p" xmlns:q="q">${text}</s:Envelope>`),
    fc.array(
      fc.tuple(fc.nat(), fc.nat(2), fc.constantFrom('', '<', '>', '&', '"', '/', ' ', ']]>', 'xmlns:p=""')),
      { maxLength: 2 },
    ),
  )
  .map(([head, text, changes]) =>
    changes.reduce((all, [at, length, more]) => {
      const here = at % (all.length + 1)
      return all.slice(0, here) + more + all.slice(here + length)
    }, head + text),
  )
  .filter((text) => text.isWellFormed() && !ON_PURPOSE.test(text))

test('whatever is read is read as saxes reads it: the same names, attributes and text', () => {
  let read = 0
  fc.assert(
    fc.property(aDocument, (text) => {
      const ours = readXml(text)
      if (!ours.ok) return
      read++
      assert.deepEqual(ours.root, bySaxes(text))
    }),
    { numRuns: 2000, seed: 1209 },
  )
  assert.ok(read > 300, `${read} were read`)
})

test('what saxes reads without a document type or a processing instruction is read', () => {
  fc.assert(
    fc.property(aDocument, (text) => {
      if (bySaxes(text) !== undefined) assert.ok(readXml(text).ok, text)
    }),
    { numRuns: 2000, seed: 1209 },
  )
})
