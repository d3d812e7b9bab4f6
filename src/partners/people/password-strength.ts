import type { Fault } from '../../kernel/result.ts'

export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 128

/** What people who must think of twelve characters begin with. */
// biome-ignore format: a table
const OBVIOUS = [
  'password', 'passwort', 'passphrase', 'welcome', 'letmein', 'changeme', 'iloveyou', 'administrator', 'admin', 'secret',
  'qwertyuiop', 'qwerty', 'asdfghjkl', 'asdfgh', 'zxcvbnm', 'azerty', 'abcdefghijkl', 'abcdefgh', 'abcdef', 'abc',
  'monkey', 'dragon', 'sunshine', 'princess', 'football', 'baseball', 'superman', 'batman', 'master', 'login', 'hello',
  'trustno', 'whatever', 'default', 'temporary', 'test', 'user', 'root', 'guest', 'winter', 'spring', 'summer', 'autumn',
  'countersign', 'priorauth', 'priorauthorization', 'healthcare', 'health', 'hospital', 'clinic', 'medical', 'sandbox',
] as const

/** What must be left once the obvious is taken away. */
const LEFT_AT_LEAST = 5
const DISTINCT_AT_LEAST = 6

/**
 * Why a password would be guessed, in the coordinates of the sign-up body.
 *
 * No rule about kinds of characters: length and what an attacker tries first are what counts.
 *
 * @param about what an attacker knows: the address and the company
 * @returns     empty when the password will do
 * @see NIST SP 800-63B-4 section 3.1.1.2
 */
export function weaknesses(
  password: string,
  about: { readonly email: string; readonly company: string },
): readonly Fault[] {
  const fault = (message: string, remedy: string): readonly Fault[] => [{ at: '/password', message, remedy }]
  const length = [...password].length
  if (length < PASSWORD_MIN)
    return fault(
      `${length} characters, at least ${PASSWORD_MIN} are needed`,
      'A few words in a row are easy to keep.',
    )
  if (length > PASSWORD_MAX)
    return fault(`${length} characters, at most ${PASSWORD_MAX} are taken`, 'Use a shorter one.')
  if (new Set(password.toLowerCase()).size < DISTINCT_AT_LEAST)
    return fault('too few different characters', 'Use a few words in a row.')
  if (essence(password, [...words(about.email), ...words(about.company)]).length < LEFT_AT_LEAST)
    return fault(
      'little more than a name, a common password, a number or a sequence',
      'Use a few words in a row that have nothing to do with you or your company.',
    )
  return []
}

/** The letters left of a password without what anybody would try: known words, rows of neighbours, repetitions. */
function essence(password: string, known: readonly string[]): string {
  const written = folded(password)
  const guesses = [...known, ...OBVIOUS].map((word) => undisguised(folded(word)))
  let rest = undisguised(written)
  for (const word of guesses.filter((guess) => guess.length >= 3).sort((a, b) => b.length - a.length))
    rest = rest.replaceAll(word, ' '.repeat(word.length))
  return Array.from(written, (letter, i) => (rest[i] === ' ' || !/\p{L}/u.test(letter) ? ' ' : letter))
    .join('')
    .split(' ')
    .map(withoutRuns)
    .join('')
    .replace(/^(.+?)\1+$/, '$1')
}

/** One form for the same letters; each is one code unit, so that places in two forms can be compared. */
function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u{10000}-\u{10ffff}]/gu, '-')
}

const DISGUISES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

function undisguised(text: string): string {
  return text.replace(/[013457@$!]/g, (found) => DISGUISES[found] ?? found)
}

/** Letters that follow each other in the alphabet, or repeat, count once. */
function withoutRuns(text: string): string {
  return [...text]
    .filter((letter, i, all) => {
      const before = all[i - 1]?.codePointAt(0) ?? 0
      return Math.abs((letter.codePointAt(0) ?? 0) - before) > 1
    })
    .join('')
}

function words(text: string): readonly string[] {
  return [text.replace(/[^\p{L}\p{N}]/gu, ''), ...text.split(/[^\p{L}\p{N}]+/u)].filter(
    (word) => word.length >= 3,
  )
}
