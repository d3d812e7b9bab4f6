import { Problem } from '../../../kernel/problem.ts'

/**
 * The parameters of a form body.
 *
 * @param body what the form parser made of it: URLSearchParams
 * @returns    each parameter once; those without a value are left out
 * @throws Problem `request/invalid` a parameter was sent twice
 * @see RFC 6749 section 3.2
 */
export function formParameters(body: unknown): ReadonlyMap<string, string> {
  const form = body instanceof URLSearchParams ? body : new URLSearchParams()
  const seen = new Set<string>()
  for (const name of form.keys()) {
    if (seen.has(name)) throw new Problem('request/invalid', 'A parameter was sent more than once.')
    seen.add(name)
  }
  return new Map([...form].filter(([, value]) => value !== ''))
}

/**
 * The members of a JSON body that are token parameters, as a form would carry them.
 *
 * @throws Problem `request/invalid` the body is no object, or one of them is no string
 */
export function jsonParameters(body: unknown, names: readonly string[]): ReadonlyMap<string, string> {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Problem('request/invalid', 'Send a JSON object.')
  const parameters = new Map<string, string>()
  for (const [name, value] of Object.entries(body)) {
    if (!names.includes(name) || value === null || value === '') continue
    if (typeof value !== 'string') throw new Problem('request/invalid', `${name} must be a string.`)
    parameters.set(name, value)
  }
  return parameters
}
