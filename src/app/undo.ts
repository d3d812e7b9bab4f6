/** What lets go of each thing that was taken, in the order taken. */
export type Undo = (() => unknown)[]

/**
 * Lets go of everything, the last taken first. One that fails does not keep the others: the database and the lock are
 * let go of last.
 *
 * @throws the failure, or an AggregateError of several; after the last step
 */
export async function letGo(undo: Undo): Promise<void> {
  const failures: unknown[] = []
  for (const step of [...undo].reverse()) {
    try {
      await step()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length === 1) throw failures[0]
  if (failures.length > 1)
    throw new AggregateError(failures, failures.map((one) => (one as Error)?.message ?? one).join('; '))
}
