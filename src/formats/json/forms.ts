import { plainDate } from '../../kernel/time.ts'

/** What became of one string: a value for the core, perhaps with something to note; or nothing to use; or a fault. */
export type FormResult =
  | { readonly value: string; readonly note?: string }
  | { readonly dropped: string }
  | { readonly fault: string }

/** How the strings of a field are spelt: how to read one, and how to write one. Never throws. */
export interface Form {
  /** What the field holds, for people: `a day, YYYYMMDD`. */
  readonly holds: string
  /** The longest string that is looked at. */
  readonly longest: number
  /** Whether a JSON number is taken as well as a string. */
  readonly takesNumbers: boolean
  /** @param text not empty, without spaces around it, no longer than `longest` */
  readonly read: (text: string) => FormResult
  /** @param value as the core holds it */
  readonly write: (value: string) => string
}

const asItIs = (value: string) => value

/** Text on one line. `longest` is the X12 element's, as every request must fit a 278. */
export function text(longest: number): Form {
  return {
    holds: `text of at most ${longest} characters`,
    longest,
    takesNumbers: false,
    read: readLine,
    write: asItIs,
  }
}

/** A note for people. A line break or a tab becomes a space, as a 278 has neither. */
export const MESSAGE: Form = {
  holds: 'text of at most 264 characters',
  longest: 264,
  takesNumbers: false,
  read: (sent) => {
    const oneLine = sent.replace(/[\r\n\t]+/g, ' ')
    const result = readLine(oneLine)
    return 'value' in result && oneLine !== sent
      ? { ...result, note: 'line breaks and tabs were read as spaces' }
      : result
  },
  write: asItIs,
}

function readLine(sent: string): FormResult {
  const control = /\p{Cc}/u.exec(sent)
  if (control) return { fault: `character ${control.index + 1} is a control character` }
  if (!sent.isWellFormed()) return { fault: 'holds half of a surrogate pair, which is no character' }
  return { value: sent }
}

/** A decimal number that is not negative, kept as written. A JSON number is taken too, as counts are often sent so. */
export const DECIMAL: Form = {
  holds: 'a decimal number, not negative, of at most 18 characters',
  longest: 18,
  takesNumbers: true,
  read: (sent) =>
    /^(\d+(\.\d+)?|\.\d+)$/.test(sent)
      ? { value: sent }
      : { fault: `expected a decimal number that is not negative, found ${quote(sent)}` },
  write: asItIs,
}

/** A day. `YYYY-MM-DD` is put up with. */
export const DATE: Form = {
  holds: 'a day, YYYYMMDD',
  longest: 40,
  takesNumbers: false,
  read: (sent) => {
    const day = plainDate(sent)
    if (day === undefined) return { fault: `expected a day that exists, YYYYMMDD, found ${quote(sent)}` }
    return sent.length === 8 ? { value: day } : { value: day, note: 'a day is written YYYYMMDD' }
  },
  write: (day) => day.replaceAll('-', ''),
}

/**
 * A day that helps to find somebody but need not be known: digits too few or too many are noted and treated as not
 * sent. The vendor's own samples give a dependent's birth date nine digits.
 */
export const DATE_IF_READABLE: Form = {
  ...DATE,
  holds: 'a day, YYYYMMDD; left out when it has another number of digits',
  read: (sent) =>
    /^\d+$/.test(sent) && sent.length !== 8
      ? { dropped: `expected eight digits, YYYYMMDD, found ${sent.length}` }
      : DATE.read(sent),
}

/**
 * A code of a closed list, for which the core has a word.
 *
 * @param words  the core's word for each code; the first code of a word is the one that is written
 * @param nearly codes that are read as a word which says a little less; such a reading is noted
 */
export function oneOf(
  words: Readonly<Record<string, string>>,
  nearly: Readonly<Record<string, string>> = {},
): Form {
  const codes = new Map<string, string>()
  for (const [code, word] of Object.entries(words)) if (!codes.has(word)) codes.set(word, code)
  const expected = Object.keys(words).join(', ')
  return {
    holds: `one of ${expected}`,
    longest: 40,
    takesNumbers: false,
    read: (sent) => {
      if (Object.hasOwn(words, sent)) return { value: words[sent] ?? '' }
      if (Object.hasOwn(nearly, sent)) {
        const word = nearly[sent] ?? ''
        return { value: word, note: `${sent} is read as ${codes.get(word) ?? word}` }
      }
      return { fault: `expected one of ${expected}, found ${quote(sent)}` }
    },
    write: (word) => codes.get(word) ?? word,
  }
}

/** The sender's text as it may stand in a message: short, on one line, in quotation marks. */
export function quote(sent: string): string {
  return JSON.stringify(sent.length > 40 ? `${sent.slice(0, 40)}…` : sent)
}
