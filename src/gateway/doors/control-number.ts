import type { Random } from '../../kernel/ids.ts'

const CONTROL_NUMBER_DIGITS = 9

/** A number for one interchange of ours, 1 to 999999999. */
export function controlNumber(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4)
  return ((((a * 256 + b) * 256 + c) * 256 + d) % (10 ** CONTROL_NUMBER_DIGITS - 1)) + 1
}
