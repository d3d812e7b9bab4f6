import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const FIXTURES = join(import.meta.dirname, '../../src/formats/x12/fixtures')

/** A sample of the codec on one line: `request-217-imaging`. */
export function sample(name: string): string {
  return readFileSync(join(FIXTURES, `${name}.edi`), 'utf8').replaceAll('\n', '')
}

export const imaging = sample('request-217-imaging')
export const admission = sample('request-217-dependent')
export const inquiry = sample('inquiry-215')

/** What stands from ST to SE in an interchange with one transaction, under another control number. */
export function transaction(text: string, controlNumber: string): string {
  const body = text.slice(text.indexOf('ST*'), text.indexOf('GE*'))
  return body
    .replace(/^ST\*278\*\w+/, `ST*278*${controlNumber}`)
    .replace(/SE\*(\d+)\*\w+/, `SE*$1*${controlNumber}`)
}

/** A group with these transactions; its guide is that of `text`. */
export function group(text: string, controlNumber: number, transactions: readonly string[]): string {
  const gs = text.slice(text.indexOf('GS*'), text.indexOf('ST*')).split('*')
  gs[6] = String(controlNumber)
  return `${gs.join('*')}${transactions.join('')}GE*${transactions.length}*${controlNumber}~`
}

/** An interchange with these groups. */
export function interchange(controlNumber: number, groups: readonly string[]): string {
  const number = String(controlNumber).padStart(9, '0')
  const isa = imaging.slice(0, imaging.indexOf('GS*')).replace('000004711', number)
  return `${isa}${groups.join('')}IEA*${groups.length}*${number}~`
}

/** Two groups, of two requests and of one inquiry. */
export function threeTransactions(): string {
  return interchange(7, [
    group(imaging, 1, [transaction(imaging, '0001'), transaction(admission, '0002')]),
    group(inquiry, 2, [transaction(inquiry, '0001')]),
  ])
}

/** A text with one piece replaced, which must be there. */
export function edited(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, to)
  assert.ok(changed !== text, `there is no ${from}`)
  return changed
}

/** Puts SE01 of an interchange with one transaction right. */
export function recounted(text: string): string {
  const count = text.slice(text.indexOf('ST*'), text.indexOf('SE*')).split('~').length
  return text.replace(/SE\*\d+/, `SE*${count}`)
}
