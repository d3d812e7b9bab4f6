import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { decodeMimeRequest, decodeSoapRequest, unwrap } from './index.ts'

const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest('hex')
const bytes = (text: string) => new TextEncoder().encode(text)
const SOAP = 'xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
const soap = (text: string, contentType = 'application/soap+xml') =>
  decodeSoapRequest({ contentType, body: bytes(text) }, sha1)
const form = (text: string, contentType = 'multipart/form-data; boundary=b') =>
  decodeMimeRequest({ contentType, body: bytes(text) }, sha1)

/** What a message that is none is refused for. */
function refusedXml(text: string): string {
  const read = soap(text)
  assert.ok(!read.ok && read.reason === 'soap-fault', JSON.stringify(read))
  assert.equal(read.refusal.code, 'Sender')
  const [{ at, message } = { at: '', message: '' }] = read.refusal.faults
  return `${at}: ${message}`
}
function refusedForm(text: string, contentType?: string): string {
  const read = form(text, contentType)
  assert.ok(!read.ok && read.reason === 'no-form', JSON.stringify(read))
  const [{ at, message } = { at: '', message: '' }] = read.faults
  return `${at}: ${message}`
}

describe('XML that does more than say something is refused', () => {
  test('a billion laughs: no document type is read, so there is no entity to expand', () => {
    const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`)
    const text = `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "ha">${laughs.join('')}]><s:Envelope ${SOAP}><s:Body>&l9;</s:Body></s:Envelope>`
    assert.match(refusedXml(text), /^line 1, column 22: a document type/)
  })

  test('an entity from elsewhere (XXE)', () => {
    const text = `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><s:Envelope ${SOAP}><s:Body>&e;</s:Body></s:Envelope>`
    assert.match(refusedXml(text), /a document type/)
  })

  test('an entity that XML itself does not have, a bare &, a character that XML does not have', () => {
    for (const inside of ['&e;', 'a & b', '&#0;', '&#xD800;', '&#x110000;', '&#99999999;', '&amp'])
      assert.match(refusedXml(`<s:Envelope ${SOAP}>${inside}</s:Envelope>`), /a reference to an entity/)
    assert.match(
      refusedXml(`<s:Envelope ${SOAP}>\u0000</s:Envelope>`),
      /a character that XML has no place for/,
    )
  })

  test('a processing instruction, before the root or in it', () => {
    assert.match(refusedXml(`<?xml-stylesheet href="x"?><s:Envelope ${SOAP}/>`), /processing instruction/)
    assert.match(refusedXml(`<s:Envelope ${SOAP}><?php ?></s:Envelope>`), /processing instruction/)
  })

  test('another encoding than UTF-8, declared or there', () => {
    assert.match(
      refusedXml(`<?xml version="1.0" encoding="UTF-16"?><s:Envelope ${SOAP}/>`),
      /another encoding/,
    )
    const read = decodeSoapRequest(
      { contentType: 'application/soap+xml', body: new Uint8Array([0x3c, 0xff]) },
      sha1,
    )
    assert.ok(!read.ok && read.reason === 'soap-fault')
  })

  test('elements beyond the depth, the number or the attributes that are read', () => {
    assert.match(refusedXml(`<s:Envelope ${SOAP}>${'<a>'.repeat(100_000)}`), /more than 40 deep/)
    assert.match(
      refusedXml(`<s:Envelope ${SOAP}>${'<a/>'.repeat(100_000)}</s:Envelope>`),
      /more than 1000 elements/,
    )
    const many = Array.from({ length: 50 }, (_, i) => `a${i}=""`).join(' ')
    assert.match(refusedXml(`<s:Envelope ${SOAP} ${many}/>`), /more than 40 attributes/)
  })

  test('names that do not resolve, or stand twice', () => {
    assert.match(refusedXml('<s:Envelope/>'), /a prefix that no namespace is declared for/)
    assert.match(refusedXml('<a x="1" x="2"/>'), /an attribute that stands twice/)
    assert.match(refusedXml('<a xmlns:p="u" xmlns:q="u" p:x="1" q:x="2"/>'), /an attribute that stands twice/)
    assert.match(refusedXml('<a xmlns:xml="u"/>'), /reserved/)
    assert.match(refusedXml('<a xmlns:p=""/>'), /no namespace/)
  })

  test('what is cut off, and what goes on after the root', () => {
    for (const cut of ['<', '<a', '<a b', '<a b="', '<a><![CDATA[', '<a><!--', '<a>', '', 'ISA*00*'])
      assert.match(refusedXml(cut), /^line 1, column \d+: /)
    assert.match(refusedXml('<a/><b/>'), /expected the end of the document/)
    assert.match(refusedXml('<a>]]></a>'), /outside a CDATA section/)
  })

  test('a root, a body or a header where none belongs', () => {
    assert.match(refusedXml('<html/>'), /^\/html: expected Envelope/)
    assert.match(refusedXml(`<s:Envelope ${SOAP}/>`), /expected an optional Header, then a Body/)
    assert.match(
      refusedXml(`<s:Envelope ${SOAP}><s:Body/><s:Header/></s:Envelope>`),
      /expected an optional Header/,
    )
    assert.match(refusedXml(`<s:Envelope ${SOAP}><s:Body/></s:Envelope>`), /expected one element/)
    assert.match(
      refusedXml(`<s:Envelope ${SOAP}><s:Body><a/><b/></s:Body></s:Envelope>`),
      /expected one element/,
    )
  })
})

describe('a package or a form that is none is refused', () => {
  const part = (name: string, value: string) =>
    `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

  test('a boundary that is missing, malformed, or in no line of the body', () => {
    for (const type of [
      'multipart/form-data',
      'multipart/form-data; boundary=""',
      `multipart/form-data; boundary=${'x'.repeat(71)}`,
    ])
      assert.match(refusedForm(part('SenderID', 'x'), type), /expected a boundary/)
    assert.match(refusedForm('nothing'), /does not begin a line/)
    assert.match(refusedForm(part('SenderID', 'x').slice(1)), /does not begin a line/)
  })

  test('a form that is cut off before its last boundary', () => {
    assert.match(refusedForm(part('SenderID', 'x')), /cut short/)
  })

  test('parts within parts', () => {
    const nested = `--b\r\nContent-Disposition: form-data; name="Payload"\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c--\r\n--b--`
    assert.match(refusedForm(nested), /itself made of parts/)
  })

  test('parts, or headers of one, without end', () => {
    assert.match(refusedForm(`${part('SenderID', 'x').repeat(1000)}--b--`), /more than 40 parts/)
    assert.match(refusedForm(`--b\r\n${'A: b\r\n'.repeat(10_000)}\r\n--b--`), /header|headers/)
    assert.match(refusedForm(`--b\r\nA: ${'b'.repeat(100_000)}\r\n\r\n--b--`), /do not end within/)
  })

  test('a part without a name, with a transfer encoding, or with a header that is none', () => {
    assert.match(refusedForm('--b\r\n\r\nx\r\n--b--'), /with a name/)
    const encoded =
      '--b\r\nContent-Disposition: form-data; name="Payload"\r\nContent-Transfer-Encoding: base64\r\n\r\nSVNB\r\n--b--'
    assert.match(refusedForm(encoded), /no transfer encoding/)
    assert.match(refusedForm('--b\r\nno header\r\n\r\nx\r\n--b--'), /a header that is none/)
  })

  test('a field that stands twice', () => {
    const read = form(`${part('SenderID', 'x')}${part('SenderID', 'y')}--b--`)
    assert.ok(!read.ok && read.reason === 'faults')
    assert.ok(read.faults.some(({ code, message }) => code === 'SenderIDIllegal' && /twice/.test(message)))
  })

  test('lines that end in a line feed alone are read, with a note', () => {
    const read = form(`${part('SenderID', 'x')}--b--`.replaceAll('\r', ''))
    assert.ok(!read.ok && read.reason === 'faults')
    assert.equal(read.read.senderId, 'x')
  })

  test('a package without its root, with an attachment twice, or whose payload is not there', () => {
    const type = 'multipart/related; boundary=b; start="<r>"'
    const opened = (text: string) => {
      const read = soap(text, type)
      return JSON.stringify(read)
    }
    const attached = (id: string, text: string) => `--b\r\nContent-ID: <${id}>\r\n\r\n${text}\r\n`
    assert.match(opened(`${attached('x', 'x')}--b--`), /no part has the Content-ID/)
    assert.match(opened(`${attached('r', 'x')}${attached('p', 'x')}${attached('p', 'x')}--b--`), /the same/)
    const CORE = 'xmlns:c="http://www.caqh.org/SOAP/WSDL/CORERule2.2.0.xsd"'
    const root = `<s:Envelope ${SOAP}><s:Body><c:COREEnvelopeRealTimeRequest ${CORE}><Payload><x:Include xmlns:x="http://www.w3.org/2004/08/xop/include" href="cid:gone"/></Payload></c:COREEnvelopeRealTimeRequest></s:Body></s:Envelope>`
    assert.match(opened(`${attached('r', root)}--b--`), /PayloadRequired/)
  })
})

describe('whatever comes, reading ends', () => {
  const aPiece = fc.oneof(
    fc.constantFrom(
      '<',
      '>',
      '</',
      '/>',
      '<!',
      '<!--',
      '-->',
      '<![CDATA[',
      ']]>',
      '<?xml version="1.0"?>',
      '&',
      ';',
      '&#',
      '&lt;',
      '"',
      "'",
      '=',
      ' ',
      '\n',
      '\r\n',
      '--b',
      '--b--',
      'Content-Disposition: form-data; name="Payload"',
      'Content-ID: <r>',
      '\r\n\r\n',
      ':',
      'xmlns',
      'xmlns:s',
      's:Envelope',
      's:Body',
      SOAP,
      'Payload',
      'ISA*',
      'SVNB',
      'cid:',
      '\u0000',
      '\ufeff',
    ),
    fc.string({ maxLength: 10 }),
  )
  const aText = fc.array(aPiece, { maxLength: 200 }).map((pieces) => pieces.join(''))
  const aType = fc.constantFrom(
    'application/soap+xml',
    'multipart/related; boundary=b',
    'multipart/related; boundary=b; start="<r>"',
    'multipart/form-data; boundary=b',
    'multipart/form-data',
    ';',
    'a/b; c="',
    '',
  )

  test('any text of any type is read or refused, as a request and as an answer', () =>
    fc.assert(
      fc.property(aText, aType, (text, contentType) => {
        const message = { contentType, body: bytes(text) }
        for (const read of [
          decodeSoapRequest(message, sha1),
          decodeMimeRequest(message, sha1),
          unwrap(message),
        ])
          assert.equal(typeof read.ok, 'boolean')
      }),
      { numRuns: 2000 },
    ))

  test('any bytes of any type', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), aType, fc.string(), (body, known, other) => {
        for (const contentType of [known, other])
          for (const read of [
            decodeSoapRequest({ contentType, body }, sha1),
            decodeMimeRequest({ contentType, body }, sha1),
          ])
            assert.equal(typeof read.ok, 'boolean')
      }),
    ))

  test('a megabyte made to be dear is refused within a second', () => {
    const MEGABYTE = 1024 * 1024
    const began = performance.now()
    for (const text of [
      '<'.repeat(MEGABYTE),
      `<a${' '.repeat(MEGABYTE)}`,
      `<a>${'&amp;'.repeat(MEGABYTE / 5)}`,
      `<a ${'b="" '.repeat(MEGABYTE / 5)}`,
      `<a>${'<!---->'.repeat(MEGABYTE / 7)}`,
    ])
      refusedXml(text)
    for (const text of [
      '-'.repeat(MEGABYTE),
      `--b${' '.repeat(MEGABYTE)}`,
      '\n--b'.repeat(MEGABYTE / 4),
      '\n'.repeat(MEGABYTE),
    ])
      refusedForm(text)
    const tookMs = performance.now() - began
    // Nine of them, on a machine that does other things too.
    assert.ok(tookMs < 9000, `${tookMs} ms`)
  })
})
