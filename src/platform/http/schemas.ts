import type { FastifyInstance } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import type { Fault } from '../../kernel/result.ts'

const MOST_FAULTS = 50

/**
 * Checks requests against the JSON Schemas of their routes, and tells of every fault at once, up to fifty. Values are
 * taken as they are: nothing is converted, added or removed.
 */
export function checkSchemas(server: FastifyInstance): void {
  server.setValidatorCompiler(({ schema }) => {
    const validator = Compile(schema as TSchema)
    return (value) =>
      validator.Check(value) ? { value } : { error: faultsOf(schema, validator, value) as never }
  })
}

/** Checks a value that is no body of a call of its own against the schema of one. @returns each fault */
export function schemaFaults(schema: TSchema): (value: unknown) => readonly Fault[] {
  const validator = Compile(schema)
  return (value) => (validator.Check(value) ? [] : faultsOf(schema, validator, value))
}

interface SchemaError {
  readonly keyword: string
  readonly instancePath: string
  /** Where the keyword stands: `#/properties/limit/pattern`. */
  readonly schemaPath: string
  readonly message: string
  readonly params: object
}

function faultsOf(
  schema: unknown,
  validator: { Errors(value: unknown): unknown },
  value: unknown,
): readonly Fault[] {
  Settings.Set({ maxErrors: MOST_FAULTS + 1 })
  const faults = (validator.Errors(value) as readonly SchemaError[]).flatMap((error) =>
    faultsOfError(error, schema),
  )
  if (faults.length <= MOST_FAULTS) return faults
  return [...faults.slice(0, MOST_FAULTS), { at: '', message: 'there are more faults; mend these first' }]
}

function faultsOfError(error: SchemaError, schema: unknown): readonly Fault[] {
  const { keyword, instancePath, message, params } = error
  const members = (names: unknown) =>
    (names as readonly string[]).map((name) => `${instancePath}/${pointerPart(name)}`)
  if ('requiredProperties' in params)
    return members(params.requiredProperties).map((at) => ({ at, message: 'is required' }))
  if ('additionalProperties' in params)
    return members(params.additionalProperties).map((at) => ({ at, message: 'is not a member known here' }))
  // A schema that is false says nothing that the keyword around it does not say better.
  return keyword === 'boolean' ? [] : [{ at: instancePath, message: wordsFor(error, schema) ?? message }]
}

/** Says in words what a text must look like, with an example: the schema has them under this name, beside its pattern. */
export const EXPECTED = 'x-expected'

function wordsFor({ keyword, schemaPath }: SchemaError, schema: unknown): string | undefined {
  if (keyword === 'format') return 'expected a day that exists, as YYYY-MM-DD, such as 2027-05-03'
  if (keyword !== 'pattern') return undefined
  const steps = schemaPath.replace(/^#?\/?/, '').split('/')
  // The last step is the keyword itself, on some roads, and the schema around it on others.
  const around = steps.at(-1) === keyword ? steps.slice(0, -1) : steps
  const found = around
    .filter((step) => step !== '')
    .reduce<unknown>((part, step) => (part as Readonly<Record<string, unknown>> | undefined)?.[step], schema)
  const words = (found as Readonly<Record<string, unknown>> | undefined)?.[EXPECTED]
  return typeof words === 'string' ? `expected ${words}` : undefined
}

/** @see RFC 6901 section 3 */
const pointerPart = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
