import type { Instant } from '../../kernel/time.ts'
import { encodeGroupAcknowledgement, GUIDE_999 } from './acknowledgements/group.ts'
import { encodeInterchangeAcknowledgement } from './acknowledgements/interchange.ts'
import type { GroupAcknowledgement, InterchangeAcknowledgement } from './acknowledgements/model.ts'
import { headerRow, transactionRows } from './envelope/index.ts'
import type { InterchangeHeader } from './received.ts'
import { type Cell, type Delimiters, type Row, spell, USUAL_DELIMITERS, wireTime } from './text/index.ts'

/** The interchange that answers one that held many transactions, written piece by piece, whatever it holds. */
export interface AnswersFile {
  /** What comes first: the ISA, and the TA1 where there is one. */
  begin(acknowledgement?: InterchangeAcknowledgement): string
  /**
   * The next answer.
   *
   * @param interchange one as `encodeAnswer` writes it: its transaction is taken over as it is, under a number of its own
   */
  answer(interchange: string): string
  /** Ends the group that is open, so that the next answer begins one. */
  endGroup(): string
  /** A group of 999, one for each group that something was wrong with; nothing for none. */
  acknowledge(groups: readonly GroupAcknowledgement[]): string
  end(): string
}

/**
 * Opens the answer to an interchange: its names are turned round. The usual delimiters hold throughout; a value that has one of
 * them, which its own interchange avoided by others, gets a space in its place.
 *
 * @param controlNumber our own number, nine digits
 * @param at            when it is sent, in UTC
 */
export function openAnswersFile(to: InterchangeHeader, at: Instant, controlNumber: string): AnswersFile {
  const sender = { qualifier: to.receiverQualifier, id: to.receiverId }
  const receiver = { qualifier: to.senderQualifier, id: to.senderId }
  const { date, time } = wireTime(at)
  let groups = 0
  let isOpen = false
  let transactions = 0
  const openGroup = (kind: string, guide: string, from: string, toWhom: string) => {
    groups++
    transactions = 0
    isOpen = true
    return written(['GS', kind, from, toWhom, date, time, String(groups), 'X', guide])
  }
  const endGroup = () => {
    if (!isOpen) return ''
    isOpen = false
    return written(['GE', String(transactions), String(groups)])
  }
  const number = () => String(++transactions).padStart(4, '0')
  return {
    begin: (acknowledgement) =>
      header(headerRow({ at, sender, receiver, usage: to.usage }, controlNumber)) +
      (acknowledgement ? written(encodeInterchangeAcknowledgement(acknowledgement)) : ''),
    answer: (interchange) => {
      const { group, guide, body } = opened(interchange)
      const begun = isOpen ? '' : openGroup('HI', guide, group[2] ?? '', group[3] ?? '')
      const own = number()
      const count = String(body.length + 2)
      return `${begun}${written(['ST', '278', own, guide])}${body.map(segment).join('')}${written(['SE', count, own])}`
    },
    endGroup,
    acknowledge: (told) => {
      if (told.length === 0) return ''
      const begun = endGroup() + openGroup('FA', GUIDE_999, sender.id, receiver.id)
      const rows = told.flatMap((one) =>
        transactionRows('999', number(), GUIDE_999, encodeGroupAcknowledgement(one)),
      )
      return begun + rows.map(written).join('') + endGroup()
    },
    end: () => endGroup() + written(['IEA', String(groups), controlNumber]),
  }
}

const MARKS: readonly string[] = Object.values(USUAL_DELIMITERS)

/** The last resort, as where all stand-ins are taken: a delimiter inside a value becomes a space. */
function safe(value: string): string {
  return Array.from(spell(value), (character) => (MARKS.includes(character) ? ' ' : character)).join('')
}

const spelled = (cell: Cell) =>
  typeof cell === 'object'
    ? joined(
        cell.map((part) => safe(part ?? '')),
        USUAL_DELIMITERS.component,
      )
    : safe(cell ?? '')
const written = ([id, ...cells]: Row) => segment([id, ...cells.map(spelled)])
const segment = (elements: readonly string[]) =>
  joined(elements, USUAL_DELIMITERS.element) + USUAL_DELIMITERS.segment

function joined(parts: readonly string[], separator: string): string {
  const last = parts.findLastIndex((part) => part !== '')
  return parts.slice(0, last + 1).join(separator)
}

/** The ISA, whose spaces count. */
function header(row: Row): string {
  const { element, repetition, component, segment: end } = USUAL_DELIMITERS
  const cells = row.map((cell, index) =>
    index === 11
      ? repetition
      : index === 16
        ? component
        : Array.from(String(cell), (character) => (MARKS.includes(character) ? ' ' : character)).join(''),
  )
  return cells.join(element) + end
}

/** An interchange of ours with one transaction, as segments of elements in the usual delimiters. */
function opened(text: string) {
  const delimiters = delimitersOf(text)
  const segments = text
    .split(delimiters.segment)
    .map((one) => one.split(delimiters.element).map((element) => respelled(element, delimiters)))
  const first = segments.findIndex(([id]) => id === 'ST')
  const last = segments.findIndex(([id]) => id === 'SE')
  const group = segments.find(([id]) => id === 'GS') ?? []
  return { group, guide: group[8] ?? '', body: segments.slice(first + 1, last) }
}

function respelled(element: string, { component }: Delimiters): string {
  return element.split(component).map(safe).join(USUAL_DELIMITERS.component)
}

function delimitersOf(text: string): Delimiters {
  return {
    element: text.charAt(3),
    repetition: text.charAt(82),
    component: text.charAt(104),
    segment: text.charAt(105),
  }
}
