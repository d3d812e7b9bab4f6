/**
 * A number or a name as it is compared: its letters and digits alone, in capitals. Senders differ in case, spaces and
 * punctuation.
 */
export function plain(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
}
