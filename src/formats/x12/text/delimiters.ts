/**
 * The four characters that hold an interchange together. Each interchange names its own, in its first 106 characters.
 *
 * @see X12.5, the interchange header: ISA11, ISA16, and the characters after ISA and after ISA16
 */
export interface Delimiters {
  readonly element: string
  readonly component: string
  readonly repetition: string
  readonly segment: string
}

/** What nearly everybody writes, and what we write whenever no value stands in the way. */
export const USUAL_DELIMITERS: Delimiters = { element: '*', component: ':', repetition: '^', segment: '~' }

/** Stand-ins, in the order tried: characters of the X12 sets that people seldom type. */
const STAND_INS = ['|', '>', '<', '\\', '{', '}', '[', ']', '#', '$', '!', ';']

/**
 * Chooses delimiters that no value contains, so that every value travels as it is.
 *
 * X12 5010 has no escape character; a receiver reads the delimiters from the ISA. A stand-in is therefore lossless,
 * where striking a colon out of a web address is not. Only when every stand-in occurs in some value too is the usual
 * character kept; the writer then puts a space in its place.
 *
 * @param text every value that will be written, joined in any way
 */
export function chooseDelimiters(text: string): Delimiters {
  const free = STAND_INS.filter((mark) => !text.includes(mark))
  const choose = (usual: string) => (text.includes(usual) ? (free.shift() ?? usual) : usual)
  return {
    element: choose(USUAL_DELIMITERS.element),
    component: choose(USUAL_DELIMITERS.component),
    repetition: choose(USUAL_DELIMITERS.repetition),
    segment: choose(USUAL_DELIMITERS.segment),
  }
}

/** Whether a character may delimit: one that no ordinary value holds. */
export function mayDelimit(mark: string): boolean {
  for (let index = 0; index < mark.length; index++) {
    const code = mark.charCodeAt(index)
    const isDigit = code >= 48 && code <= 57
    const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
    if (isDigit || isLetter || code === 32) return false
  }
  return true
}
