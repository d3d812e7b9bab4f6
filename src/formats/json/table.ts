import { DATE, DECIMAL, type Form, text as textForm } from './forms.ts'

/**
 * The tables that say what each JSON field means.
 *
 * A row reads: the field as the wire spells it, its place in the core model, and its place in a 278. Places in the core
 * are relative to the object that the row stands in, steps parted by dots; a step may be an index, or a key such as the
 * kind of a reference (`references.policy`).
 */
export type Table = readonly Row[]

export type Row = Leaf | Group | List | Elsewhere | Unread | Unwritten

/** A string. */
export interface Leaf {
  readonly is: 'leaf'
  readonly field: string
  readonly core: string
  /** `core`, taken apart. */
  readonly steps: readonly string[]
  readonly x12: string
  readonly form: Form
}

/** An object. With `core` empty its rows belong to the core object around it. */
export interface Group {
  readonly is: 'group'
  readonly field: string
  readonly core: string
  /** `core`, taken apart. */
  readonly steps: readonly string[]
  readonly rows: Table
  /** Written as `{}` when there is nothing in it; otherwise left out. */
  readonly always: boolean
}

/** An array of objects. */
export interface List {
  readonly is: 'list'
  readonly field: string
  readonly core: string
  /** `core`, taken apart. */
  readonly steps: readonly string[]
  readonly rows: Table
  /** The most entries that are read. */
  readonly most: number
  /** What is written when there is no entry; undefined leaves the field out. */
  readonly whenEmpty: null | undefined | readonly [Readonly<Record<string, never>>]
}

/** A field that other operations read: here it is accepted and noted. */
export interface Elsewhere {
  readonly is: 'elsewhere'
  readonly field: string
  readonly readers: string
}

/** A field that nobody may look at. Its value is never touched. */
export interface Unread {
  readonly is: 'unread'
  readonly field: string
  readonly why: string
}

/** A field of the published schema of an answer that is never filled, and why. */
export interface Unwritten {
  readonly is: 'unwritten'
  readonly field: string
  readonly x12: string
  readonly why: string
}

/** @param form how it is spelt, or the longest text that it holds */
export function leaf(field: string, core: string, x12: string, form: Form | number): Leaf {
  return {
    is: 'leaf',
    field,
    core,
    steps: core.split('.'),
    x12,
    form: typeof form === 'number' ? textForm(form) : form,
  }
}

export function date(field: string, core: string, x12: string): Leaf {
  return leaf(field, core, x12, DATE)
}

export function decimal(field: string, core: string, x12: string): Leaf {
  return leaf(field, core, x12, DECIMAL)
}

/** Two fields, `...Begin` and `...End`, that hold a period. A single day has no end. */
export function period(field: string, core: string, x12: string): readonly Leaf[] {
  return [date(`${field}Begin`, `${core}.from`, x12), date(`${field}End`, `${core}.until`, x12)]
}

export function group(field: string, core: string, rows: Table): Group {
  return { is: 'group', field, core, steps: core.split('.'), rows, always: false }
}

export function groupAlways(field: string, core: string, rows: Table): Group {
  return { is: 'group', field, core, steps: core.split('.'), rows, always: true }
}

export function list(field: string, core: string, most: number, rows: Table): List {
  return { is: 'list', field, core, steps: core.split('.'), rows, most, whenEmpty: undefined }
}

export function listOrNull(field: string, core: string, most: number, rows: Table): List {
  return { is: 'list', field, core, steps: core.split('.'), rows, most, whenEmpty: null }
}

/** As `list`, written as one empty object when there is no entry, as the published answers are. */
export function listOrHollow(field: string, core: string, most: number, rows: Table): List {
  return { is: 'list', field, core, steps: core.split('.'), rows, most, whenEmpty: [{}] }
}

/** @param readers the operations that read the fields, for people: `a determination` */
export function elsewhere(readers: string, ...fields: readonly string[]): readonly Elsewhere[] {
  return fields.map((field) => ({ is: 'elsewhere', field, readers }))
}

export function unread(field: string, why: string): Unread {
  return { is: 'unread', field, why }
}

export function unwritten(field: string, x12: string, why: string): Unwritten {
  return { is: 'unwritten', field, x12, why }
}

/** `field1` to `field<count>`: rows for fields that are numbered. `make` gets the number, from 1 up. */
export function numbered(count: number, make: (n: number) => Table): Table {
  return Array.from({ length: count }, (_, i) => make(i + 1)).flat()
}

/** The same, for the names of fields. */
export function names(field: string, first: number, last: number): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, i) => `${field}${first + i}`)
}
