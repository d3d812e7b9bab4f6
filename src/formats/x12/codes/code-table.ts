/** A code list of the wire beside our own words for it, readable in both directions. */
export interface CodeTable<Word extends string> {
  /** The code for a word of ours. */
  code(word: Word): string
  /** Our word for a code; undefined when the list does not have it. */
  word(code: string): Word | undefined
  /** Every code, for people: `A1, A2 or A3`. */
  readonly listed: string
  readonly codes: readonly string[]
}

/** Makes a table of a list in which no code occurs twice. */
export function codeTable<Word extends string>(codes: Readonly<Record<Word, string>>): CodeTable<Word> {
  const entries = Object.entries(codes) as [Word, string][]
  const words = new Map(entries.map(([word, code]) => [code, word]))
  const all = entries.map(([, code]) => code)
  return { code: (word) => codes[word], word: (code) => words.get(code), listed: list(all), codes: all }
}

/** Lists codes for people: `PR or X3`, `A1, A2 or A3`. */
export function list(codes: readonly string[]): string {
  if (codes.length < 2) return codes.join('')
  return `${codes.slice(0, -1).join(', ')} or ${codes.at(-1)}`
}
