/** A stream that a command writes to. */
export interface Out {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** What every command is handed. */
export interface Surroundings {
  readonly out: Out
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The data directory of the server that is spoken to. */
  readonly dataDirectory: string
  /** `--json`: one JSON value instead of words. */
  readonly asJson: boolean
}

export type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>

/** One command: its words, its options and what it does. */
export interface Command {
  /** As typed, such as `credentials create`. */
  readonly words: string
  /** What stands after the words, such as `NAME`. */
  readonly takes?: string
  readonly does: string
  readonly options: Readonly<Record<string, OptionShape>>
  /** @returns the exit code: 0 done, 1 refused or failed */
  run(positionals: readonly string[], options: Options, surroundings: Surroundings): Promise<number>
}

export interface OptionShape {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  readonly means: string
}

/** The command was typed wrongly: exit code 2. */
export class WrongUsage extends Error {}

/** What was asked for was refused or could not be done: exit code 1. The message says what to do. */
export class Refused extends Error {}

/** @throws WrongUsage when the option was left out */
export function required(options: Options, name: string): string {
  const value = options[name]
  if (typeof value !== 'string' || value === '') throw new WrongUsage(`--${name} is needed`)
  return value
}
