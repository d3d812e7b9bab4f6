/** How often a statement must have been seen before it is worth a name. */
const WORTH_IT = 3
/** Each name holds memory on every connection of the server. */
const MOST_NAMES = 400
const MOST_SEEN = 4_000

/**
 * Names for statements that come again and again, so that the server parses and plans them once per connection.
 * A statement whose text keeps changing never gets one.
 */
export interface PreparedNames {
  /** @param plan schema and role: a plan made for one pair would be thrown away under the next */
  nameFor(plan: string, statement: string): string | undefined
}

export function preparedNames(): PreparedNames {
  const names = new Map<string, string>()
  const seen = new Map<string, number>()
  return {
    nameFor(plan, statement) {
      const key = `${plan} ${statement}`
      const name = names.get(key)
      if (name !== undefined || names.size >= MOST_NAMES) return name
      const times = (seen.get(key) ?? 0) + 1
      if (times < WORTH_IT) {
        if (seen.size >= MOST_SEEN) seen.clear()
        seen.set(key, times)
        return undefined
      }
      seen.delete(key)
      names.set(key, `cs_${names.size}`)
      return names.get(key)
    },
  }
}
