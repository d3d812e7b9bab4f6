const LEADING = new Set(['time', 'level', 'msg', 'err', 'error'])

/**
 * A line of the JSON log as people read it: time of day (UTC), level, message, and the rest as `name=value`. The stack
 * of an error follows on lines of its own.
 */
export function asText(line: string): string {
  const entry = JSON.parse(line) as Record<string, unknown>
  const fields = Object.entries(entry)
    .filter(([name]) => !LEADING.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`)
  const head = [
    String(entry.time).slice(11, 23),
    String(entry.level).toUpperCase().padEnd(5),
    entry.msg,
    ...fields,
  ]
  return `${head.filter((part) => part !== undefined).join(' ')}\n${errorText(entry.err ?? entry.error)}`
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  const { type, message, code, stack, cause } = error as Record<string, unknown>
  const first = `  ${type}${code ? ` ${code}` : ''}: ${message}\n`
  return first + (stack ? `${stack}\n` : '') + errorText(cause)
}
