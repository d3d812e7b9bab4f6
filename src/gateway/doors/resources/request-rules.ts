/**
 * What a schema cannot say of a request. Takes any JSON at all, so that these faults are told together with those of the
 * schema.
 */
import { isNpi } from '../../../kernel/npi.ts'
import type { Fault } from '../../../kernel/result.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * A fault for each rule broken, in the order of the document; none for what has another shape. They are looked for as they are
 * taken: whoever stops, stops the search.
 */
export function* rulesBroken(body: unknown): Iterable<Fault> {
  yield* partsBroken(body, '')
  if (isObject(body)) yield* wholeBroken(body)
}

/** Rules of parts that hold wherever these stand: identifiers, names, periods. */
export function* partsBroken(value: unknown, at: string): Iterable<Fault> {
  if (Array.isArray(value)) {
    for (const [i, item] of value.entries()) yield* partsBroken(item, `${at}/${i}`)
    return
  }
  if (!isObject(value)) return
  yield* npiBroken(value, at)
  yield* nameBroken(value, at)
  yield* periodBroken(value, at)
  for (const name of Object.keys(value)) yield* partsBroken(value[name], `${at}/${pointerPart(name)}`)
}

function npiBroken({ system, value }: Json, at: string): readonly Fault[] {
  if (system !== 'npi' || typeof value !== 'string' || isNpi(value)) return []
  return [
    {
      at: `${at}/value`,
      message: 'is no NPI: expected ten digits, of which the last checks the others (45 CFR 162.406)',
      remedy: 'Send the number that the provider was issued.',
    },
  ]
}

function nameBroken({ kind, name, last }: Json, at: string): readonly Fault[] {
  if (kind === 'organization' && name === undefined) return [{ at: `${at}/name`, message: 'is required' }]
  if (kind === 'person' && last === undefined) return [{ at: `${at}/last`, message: 'is required' }]
  return []
}

function periodBroken({ from, until }: Json, at: string): readonly Fault[] {
  const isBackwards = typeof from === 'string' && typeof until === 'string' && from > until
  return isBackwards ? [{ at: `${at}/until`, message: 'is a day before the first day' }] : []
}

function* wholeBroken({ requester, subscriber, event }: Json): Iterable<Fault> {
  yield* [
    ...(isObject(requester) && !requester.name && !requester.identifier
      ? [{ at: '/requester', message: 'does not say who it is', remedy: 'Give name or identifier.' }]
      : []),
    ...(isObject(subscriber) && !subscriber.name && !subscriber.memberId
      ? [{ at: '/subscriber', message: 'does not say who the member is', remedy: 'Give memberId or name.' }]
      : []),
  ]
  if (isObject(event)) yield* eventBroken(event)
}

function* eventBroken(event: Json): Iterable<Fault> {
  const lines: readonly unknown[] = Array.isArray(event.lines) ? event.lines : []
  const isAdmission = event.category === 'admission' && event.admission !== undefined
  const asks = lines.length > 0 || isAdmission || asksForSomething(event)
  if (!asks) yield { at: '/event', message: 'asks for nothing', remedy: 'Give lines or a serviceType.' }
  yield* linesBroken(lines, '/event/lines')
}

/** Lines are numbered in their order, so that an answer can name them; and each asks for something. */
export function* linesBroken(lines: readonly unknown[], at: string): Iterable<Fault> {
  for (const [i, line] of lines.entries()) {
    if (!isObject(line)) continue
    if (typeof line.number === 'number' && line.number !== i + 1)
      yield { at: `${at}/${i}/number`, message: `expected ${i + 1}, its place in the list` }
    if (!asksForSomething(line))
      yield {
        at: `${at}/${i}`,
        message: 'asks for nothing',
        remedy: 'Give a procedure, a revenueCode or a serviceType.',
      }
  }
}

function asksForSomething(asked: Json): boolean {
  const { procedure, revenueCode, serviceType } = asked
  return (
    [procedure, revenueCode, serviceType].some((one) => one !== undefined) ||
    asked.previousAuthorizationNumber !== undefined ||
    asked.previousAdministrativeReference !== undefined
  )
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @see RFC 6901 section 3 */
const pointerPart = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1')
