import type { Random } from '../../../kernel/ids.ts'
import type { Instant } from '../../../kernel/time.ts'
import type { DoorDeps } from '../model.ts'
import type { Spelt, WriteBoth } from './operations/model.ts'
import type { Asked } from './reading.ts'

const CONTROL_NUMBER_DIGITS = 9

/** Writes the answers to one request. */
export function writerFor(
  { random }: Pick<DoorDeps, 'random'>,
  { usage, envelope }: Pick<Asked<unknown>, 'usage' | 'envelope'>,
  at: Instant,
): WriteBoth {
  const made = new WeakMap<object, Spelt>()
  return (answer, x12, json) => {
    const known = made.get(answer)
    if (known) return known
    const spelt = {
      x12: x12(answer, {
        at,
        controlNumber: controlNumber(random),
        usage,
        ...(envelope ? { inReplyTo: envelope } : {}),
      }),
      json: JSON.stringify(json(answer)),
    }
    made.set(answer, spelt)
    return spelt
  }
}

/** A number for one interchange, 1 to 999999999. */
export function controlNumber(random: Random): number {
  const [a = 0, b = 0, c = 0, d = 0] = random(4)
  return ((((a * 256 + b) * 256 + c) * 256 + d) % (10 ** CONTROL_NUMBER_DIGITS - 1)) + 1
}
