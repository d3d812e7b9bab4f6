import type { Instant } from '../../../kernel/time.ts'
import { controlNumber } from '../control-number.ts'
import type { DoorDeps } from '../model.ts'
import type { Spelt, WriteBoth } from './operations/model.ts'
import type { Asked } from './reading.ts'

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
