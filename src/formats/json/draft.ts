import type { PlainDate } from '../../kernel/time.ts'

/**
 * One object of a document, read but not yet put together: its values by their place in the core model, each with the
 * JSON pointer that it came from.
 *
 * Values are in the core's words already (`female`, not `F`); what is missing here is what several fields mean together.
 */
export class Draft {
  /** The JSON pointer of the object. */
  readonly at: string
  readonly #values = new Map<string, string>()
  readonly #places = new Map<string, string>()
  readonly #groups = new Map<string, Draft>()
  readonly #lists = new Map<string, readonly Draft[]>()

  constructor(at: string) {
    this.at = at
  }

  /** Says where a field stands, whether or not its value turns out to be of use. */
  locate(path: string, place: string): void {
    this.#places.set(path, place)
  }

  put(path: string, value: string): void {
    this.#values.set(path, value)
  }

  putGroup(path: string, group: Draft): void {
    this.#groups.set(path, group)
    this.#places.set(path, group.at)
  }

  putList(path: string, entries: readonly Draft[]): void {
    this.#lists.set(path, entries)
  }

  text(path: string): string | undefined {
    return this.#values.get(path)
  }

  /** The value of a field whose form lets only the words of `Word` through. */
  word<Word extends string>(path: string): Word | undefined {
    return this.#values.get(path) as Word | undefined
  }

  /** The value of a field whose form lets only days that exist through. */
  date(path: string): PlainDate | undefined {
    return this.#values.get(path) as PlainDate | undefined
  }

  /** An object inside this one; when it was not sent, an empty draft at `at`. */
  group(path: string, at: string = this.at): Draft {
    return this.#groups.get(path) ?? new Draft(at)
  }

  list(path: string): readonly Draft[] {
    return this.#lists.get(path) ?? []
  }

  /** What was read below `prefix`, as pairs of the rest of the path and the value, in the order of the table. */
  below(prefix: string): readonly (readonly [rest: string, value: string])[] {
    return [...this.#values]
      .filter(([path]) => path.startsWith(`${prefix}.`))
      .map(([path, value]) => [path.slice(prefix.length + 1), value] as const)
  }

  /** Whether the sender filled the field, even with something that was refused. */
  wasSent(path: string): boolean {
    return this.#places.has(path)
  }

  /** The JSON pointer of a field; of the whole object when the field was not sent. */
  place(path: string): string {
    return this.#places.get(path) ?? this.at
  }

  get isEmpty(): boolean {
    return (
      this.#values.size === 0 &&
      [...this.#groups.values()].every((group) => group.isEmpty) &&
      [...this.#lists.values()].every((entries) => entries.length === 0)
    )
  }
}

/** The fields that have a value, so that absent stays absent. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}

/** The fields that have a value; undefined when none has. */
export function givenAny<T extends object>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } | undefined {
  const present = given(fields)
  return Object.keys(present).length === 0 ? undefined : present
}
