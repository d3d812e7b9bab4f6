import PDFDocument from 'pdfkit'
import type { OperatorParty } from '../agreements/index.ts'
import type { Organization } from '../organizations/index.ts'
import type { Contract, Signature } from './model.ts'

export interface Signed {
  readonly contract: Contract
  readonly partner: Organization
  readonly operator: OperatorParty
  /** The partner's first. */
  readonly signatures: readonly Signature[]
}

const MARGIN = 64
const BODY = 10

/**
 * A signed contract as a PDF: its text, then a certificate page with its hash and what shows each signature. The text is
 * attached as it was hashed, so that anybody can hash it again.
 *
 * @returns the file, without a seal
 */
export function contractPdf(signed: Signed): Promise<Uint8Array> {
  const { contract } = signed
  const at = new Date(contract.countersignedAt ?? contract.offeredAt)
  const document = new PDFDocument({
    size: 'LETTER',
    margin: MARGIN,
    pdfVersion: '1.7',
    lang: 'en-US',
    displayTitle: true,
    bufferPages: true,
    info: {
      Title: `Agreement ${contract.id}`,
      Author: drawable(signed.operator.name),
      CreationDate: at,
      ModDate: at,
    },
  })
  const chunks: Buffer[] = []
  document.on('data', (chunk: Buffer) => chunks.push(chunk))
  const whole = new Promise<Uint8Array>((resolve, reject) => {
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    document.on('error', reject)
  })
  for (const paragraph of contract.text.trimEnd().split('\n\n')) writeParagraph(document, paragraph)
  document.addPage()
  writeCertificate(document, signed)
  numberPages(document, contract.id)
  document.file(Buffer.from(contract.text, 'utf8'), {
    name: `${contract.id}.txt`,
    type: 'text/plain',
    description: 'The text of the agreement, whose SHA-256 the certificate page names',
    creationDate: at,
    modifiedDate: at,
  })
  document.end()
  return whole
}

type Document = PDFKit.PDFDocument

/** A heading stands alone on the first line of a paragraph, or is the whole of it. */
const HEADING = /^(AGREEMENT|PART|ORDER|\d+\.\d+)\b/

function writeParagraph(document: Document, paragraph: string): void {
  const [first = '', ...rest] = paragraph.split('\n')
  if (!HEADING.test(first)) {
    document.font('Helvetica').fontSize(BODY).text(drawable(paragraph), { lineGap: 2 })
  } else {
    const isTop = /^(AGREEMENT|PART)/.test(first)
    // A heading at the foot of a page belongs to the next one.
    if (document.y > document.page.height - MARGIN - 60) document.addPage()
    document
      .font('Helvetica-Bold')
      .fontSize(isTop ? 14 : BODY)
      .text(drawable(first), { lineGap: 2 })
    if (rest.length > 0)
      document
        .font('Helvetica')
        .fontSize(BODY)
        .text(drawable(rest.join('\n')), { lineGap: 2 })
  }
  document.moveDown(0.8)
}

function writeCertificate(document: Document, { contract, partner, operator, signatures }: Signed): void {
  document.font('Helvetica-Bold').fontSize(14).text('CERTIFICATE OF SIGNATURES').moveDown()
  const line = (name: string, value: string) =>
    document
      .font('Helvetica-Bold')
      .fontSize(9)
      .text(`${name}: `, { continued: true })
      .font('Helvetica')
      .text(drawable(value))
  line('Agreement', contract.id)
  line('SHA-256 of its text', contract.textHash)
  line('Offered', iso(contract.offeredAt))
  if (contract.beginsAt !== undefined) line('Holds from', iso(contract.beginsAt))
  for (const signature of signatures) {
    const party = signature.side === 'partner' ? `${partner.name}, ${partner.id}` : operator.name
    document.moveDown()
    document
      .font('Helvetica-Bold')
      .fontSize(11)
      .text(drawable(`For ${party}`))
      .moveDown(0.3)
    line('Signed by', `${signature.name}, ${signature.title} (${signature.personId})`)
    line('At', iso(signature.signedAt))
    line('From', `${signature.address}, ${signature.userAgent || 'a browser that does not say which'}`)
    line('Identity', `signed in, and proved once more by ${signature.identityMethod} for this signature`)
    line('Intent', signature.statements.intent)
    line('Consent', signature.statements.consent)
    line('Authority', signature.statements.authority)
    line('Signature', `${signature.id}, over the text ${signature.textHash}`)
  }
}

function numberPages(document: Document, id: string): void {
  const { start, count } = document.bufferedPageRange()
  for (let i = start; i < start + count; i++) {
    document.switchToPage(i)
    // Below the margin, where text would begin another page.
    document.page.margins.bottom = 0
    document
      .font('Helvetica')
      .fontSize(8)
      .text(`${id}, page ${i + 1} of ${count}`, MARGIN, document.page.height - MARGIN / 2, {
        lineBreak: false,
      })
  }
}

/**
 * A text as the fonts that every reader has can show it: letters that they lack lose their accents, and what is no letter
 * of theirs becomes a question mark. What was signed is the text that is attached, letter for letter.
 */
function drawable(text: string): string {
  return [...text.normalize('NFC')].map((letter) => (SHOWN.test(letter) ? letter : plainly(letter))).join('')
}
const SHOWN = /^[\n\u0020-\u007e\u00a0-\u00ff\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u20ac]$/
const plainly = (letter: string) => {
  const bare = letter.normalize('NFD').replace(/\p{M}/gu, '').replace('ł', 'l').replace('Ł', 'L')
  return SHOWN.test(bare) ? bare : '?'
}

const iso = (at: number) => new Date(at).toISOString()
