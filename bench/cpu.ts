import { readFile } from 'node:fs/promises'

/** Linux counts the time of a process in hundredths of a second. */
const TICK_MS = 10
const USER_TIME = 11
const SYSTEM_TIME = 12

/**
 * The time that a process has spent on the processors since it began, in milliseconds.
 *
 * @returns undefined where there is no /proc, or no such process
 */
export async function cpuMs(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // The name, which may hold anything, stands in parentheses; the numbers after it are parted by blanks.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME])) * TICK_MS
}

/** The time of several processes, each by its id. */
export async function cpuOf(pids: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const found = await Promise.all(pids.map(async (pid) => [pid, await cpuMs(pid)] as const))
  return new Map(found.flatMap(([pid, ms]) => (ms === undefined ? [] : [[pid, ms]])))
}

/** What was spent between two readings; a process that is new spent all of its time in between. */
export function spent(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  return [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0)
}
