// What the X12 codecs are measured on: requests for review, no two alike, as one interchange or as a stream of them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const SAMPLE = join(import.meta.dirname, '../src/formats/x12/fixtures/request-217-imaging.edi')
const text = readFileSync(SAMPLE, 'utf8').replaceAll('\n', '')

/** One interchange with one request; about 1.1 kB. Names, numbers and days differ with `serial`. */
export function anInterchange(serial: number): string {
  const day = String((serial % 28) + 1).padStart(2, '0')
  const number = String((serial % 999_999_999) + 1).padStart(9, '0')
  return text
    .replaceAll('000004711', number)
    .replaceAll('QF100200300', `QF${number}`)
    .replaceAll('Ferreira-Dunn', `Ferreira-${serial % 997}`)
    .replaceAll('19581103', `195811${day}`)
    .replaceAll('LK-2026-000815', `LK-2026-${number}`)
}

/** One interchange, one group, so many requests. */
export function aLargeInterchange(transactions: number): string {
  const head = text.slice(0, text.indexOf('ST*'))
  const tail = text.slice(text.indexOf('GE*')).replace('GE*1*', `GE*${transactions}*`)
  const parts = Array.from({ length: transactions }, (_, index) => {
    const number = String(index + 1).padStart(4, '0')
    const one = anInterchange(index)
    return one
      .slice(one.indexOf('ST*'), one.indexOf('GE*'))
      .replace('ST*278*0001', `ST*278*${number}`)
      .replace(/SE\*(\d+)\*0001/, `SE*$1*${number}`)
  })
  return [head, ...parts, tail].join('')
}

/** Interchanges one after the other, in pieces of 64 kB, until there are so many bytes. */
export function* aStream(bytes: number): Generator<Uint8Array> {
  let sent = 0
  let serial = 0
  while (sent < bytes) {
    let piece = ''
    while (piece.length < 65_536) piece += anInterchange(serial++)
    const encoded = Buffer.from(piece, 'latin1')
    sent += encoded.length
    yield encoded
  }
}
