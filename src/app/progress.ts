/** Where progress is written: a terminal, a file, or nothing. */
export interface Output {
  readonly isTTY?: boolean
  write(text: string): unknown
}

export interface Progress {
  /**
   * Says what is being done while it is done, and how long it took when it is over. What takes no time leaves no line
   * unless it returns a word about it.
   *
   * @param what in the present participle: "Creating the database"
   */
  step<T>(what: string, work: () => Promise<T>, outcome?: (value: T) => string | undefined): Promise<T>
}

const QUICK_MS = 50

/** Progress for people: one line a step, overwritten in a terminal while it runs. */
export function progressOn(output: Output, now: () => number): Progress {
  const overwrite = (text: string) => output.isTTY && output.write(`\r\u001b[2K${text}`)
  return {
    step: async (what, work, outcome = () => undefined) => {
      const began = now()
      overwrite(`  ·  ${what} …`)
      try {
        const value = await work()
        const said = outcome(value)
        const took = now() - began
        overwrite('')
        if (said !== undefined || took > QUICK_MS)
          output.write(
            `  ✓  ${said === undefined ? what : `${what}: ${said}`}${took > QUICK_MS ? `  ${seconds(took)}` : ''}\n`,
          )
        return value
      } catch (error) {
        overwrite('')
        output.write(`  ✗  ${what}\n`)
        throw error
      }
    },
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`
}
