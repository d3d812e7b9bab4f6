/** One 278 of a file, in an interchange of its own: the door of one request takes it. */
export interface Piece {
  /** Its interchange in the file, and its transaction in that, from 1; 0 when the interchange is sent whole. */
  readonly interchange: number
  readonly transaction: number
  readonly text: string
  /** ISA06, ISA08 and the guide by ST03; empty where there is none. */
  readonly senderId: string
  readonly receiverId: string
  readonly guide: string
}

const ISA_LENGTH = 106

/**
 * Takes a file apart into its transactions, each in the ISA and GS that it came in.
 *
 * An interchange whose counts and control numbers do not agree is left whole, for the gateway to say what is wrong with it: nothing
 * of it may be done. So is one that does not end, and what is no interchange at all.
 *
 * @param text one interchange or several, with line breaks between segments or without
 */
export function split(text: string): readonly Piece[] {
  const pieces: Piece[] = []
  let rest = text.trim()
  for (let number = 1; rest !== ''; number++) {
    const end = endOf(rest)
    const whole = rest.slice(0, end)
    rest = rest.slice(end).trim()
    pieces.push(...piecesOf(whole, number))
  }
  return pieces
}

/** Where the interchange at the beginning of a text ends: after its IEA, else at the end. */
function endOf(text: string): number {
  const [element, segment] = [text[3], text[ISA_LENGTH - 1]]
  if (!text.startsWith('ISA') || element === undefined || segment === undefined) return text.length
  let at = ISA_LENGTH
  while (at < text.length) {
    const next = text.indexOf(segment, at)
    if (next < 0) return text.length
    if (text.slice(at, next).trimStart().startsWith(`IEA${element}`)) return next + 1
    at = next + 1
  }
  return text.length
}

interface Group {
  readonly header: string
  readonly transactions: string[][]
  readonly control: string
}

function piecesOf(whole: string, interchange: number): readonly Piece[] {
  const element = whole[3] ?? '*'
  const segment = whole[ISA_LENGTH - 1] ?? '~'
  const segments = whole.split(segment).map((one) => one.trim())
  const isa = whole.slice(0, ISA_LENGTH - 1).split(element)
  const names = { senderId: isa[6]?.trim() ?? '', receiverId: isa[8]?.trim() ?? '' }
  const guideOf = (written: readonly string[]) =>
    written.find((one) => one.startsWith(`ST${element}`))?.split(element)[3] ?? ''
  const groups = groupsOf(segments, element, isa[13] ?? '')
  const count = groups?.reduce((sum, { transactions }) => sum + transactions.length, 0) ?? 0
  if (!groups || count < 2)
    return [{ interchange, transaction: count, text: whole, ...names, guide: guideOf(segments) }]
  let transaction = 0
  return groups.flatMap(({ header, transactions, control }) =>
    transactions.map((written) => ({
      interchange,
      transaction: ++transaction,
      text: [
        whole.slice(0, ISA_LENGTH - 1),
        header,
        ...written,
        ['GE', '1', control].join(element),
        ['IEA', '1', isa[13]].join(element),
        '',
      ].join(segment),
      ...names,
      guide: guideOf(written),
    })),
  )
}

/** @returns undefined when anything but whole groups of whole transactions stands between ISA and IEA */
function groupsOf(
  segments: readonly string[],
  element: string,
  control: string,
): readonly Group[] | undefined {
  const groups: Group[] = []
  let group: Group | undefined
  let transaction: string[] | undefined
  const [, ...rest] = segments
  for (const [index, written] of rest.entries()) {
    const [id, first, second, , , , sixth = ''] = written.split(element)
    if (transaction) {
      transaction.push(written)
      if (id === 'SE') transaction = undefined
    } else if (group && id === 'ST') {
      transaction = [written]
      group.transactions.push(transaction)
    } else if (group) {
      const isEnd = id === 'GE' && Number(first) === group.transactions.length && second === group.control
      if (!isEnd) return undefined
      group = undefined
    } else if (id === 'GS') {
      group = { header: written, transactions: [], control: sixth }
      groups.push(group)
    } else {
      const isEnd = id === 'IEA' && Number(first) === groups.length && second === control
      return isEnd && rest.slice(index + 1).every((one) => one === '') ? groups : undefined
    }
  }
  return undefined
}
