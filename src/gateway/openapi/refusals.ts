/** What is answered when a request is turned down: by status, with the problems that it can be. */
import type { JsonSchema } from '../../formats/json/index.ts'
import { PROBLEMS, type ProblemCode } from '../../kernel/problem.ts'
import { FAULT } from '../doors/index.ts'
import { closed, list, ref, string } from './schemas.ts'

export const PROBLEM_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Problem: closed('What went wrong and what to do (RFC 9457).', {
    type: { type: 'string', format: 'uri', description: 'The page that says what to do.' },
    title: string('What sort of problem it is.'),
    status: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status.' },
    detail: string(
      'What happened this time. Holds no name, no date of birth, no member number and no secret.',
    ),
    code: { type: 'string', enum: Object.keys(PROBLEMS), description: 'The same as `type`, shorter.' },
    faults: list(
      FAULT,
      'Everything that is wrong with the document, at once; empty where it is not about one.',
    ),
    requestId: string('Finds the call in our log.'),
  }),
}

export type Words = 'problem' | 'compatible' | 'oauth' | 'sntl' | 'core'

const NAMES: Readonly<Record<Words, string>> = {
  problem: 'Problem',
  compatible: 'CompatibleRefusal',
  oauth: 'OAuthRefusal',
  sntl: 'ApipSntlRefusal',
  core: 'CoreRefusal',
}

/** The status of a problem in each of the words. */
const STATUS_IN: Readonly<Record<Words, (code: ProblemCode) => number>> = {
  problem: (code) => PROBLEMS[code].status,
  // Everything that is wrong with a body is 400 there; a problem document keeps its own.
  compatible: (code) => (code === 'request/invalid' ? 400 : PROBLEMS[code].status),
  oauth: (code) => PROBLEMS[code].status,
  sntl: (code) => PROBLEMS[code].status,
  core: (code) => PROBLEMS[code].status,
}

/** @param status absent: any other */
export function refusalRef(words: Words, status?: number): JsonSchema {
  return { $ref: `#/components/responses/${NAMES[words]}${status ?? ''}` }
}

const XML = string('XML.')
const STATUSES = [400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 502, 503, 504]

/** Every refusal, by the names that `refusalRef` gives. */
export const REFUSALS: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  (Object.keys(NAMES) as Words[]).flatMap((words) => [
    [NAMES[words], { description: 'Whatever else goes wrong.', content: contentOf(words) }],
    ...STATUSES.map((status) => [`${NAMES[words]}${status}`, refusal(words, status)]),
  ]),
)

function refusal(words: Words, status: number): JsonSchema {
  const codes = (Object.keys(PROBLEMS) as ProblemCode[]).filter((code) => STATUS_IN[words](code) === status)
  const told = codes.map((code) => `- \`${code}\`: ${PROBLEMS[code].title}`)
  return {
    description: told.length > 0 ? `One of:\n\n${told.join('\n')}` : 'It cannot be answered.',
    content: contentOf(words, codes[0]),
  }
}

function contentOf(words: Words, code?: ProblemCode): JsonSchema {
  const problem = {
    'application/problem+json': {
      schema: ref('Problem'),
      ...(code ? { example: problemExample(code) } : {}),
    },
  }
  switch (words) {
    case 'problem':
      return problem
    case 'compatible':
      return { 'application/json': { schema: ref('CompatibleErrors') }, ...problem }
    case 'oauth':
      return { 'application/json': { schema: ref('OAuthError') } }
    case 'sntl':
      return { 'application/json': { schema: ref('ApipSntlError') } }
    // An envelope that says `UnAuthorized`, a SOAP fault, or at the path of the form a problem document.
    case 'core':
      return { 'application/soap+xml': { schema: XML }, 'multipart/form-data': { schema: XML }, ...problem }
  }
}

function problemExample(code: ProblemCode): object {
  const { status, title } = PROBLEMS[code]
  return {
    type: `https://portal.example/docs/problems/${code}`,
    title,
    status,
    detail: 'What happened, and what to do about it.',
    code,
    faults:
      code === 'request/invalid'
        ? [{ at: '/event/lines/0/procedure/code', message: 'is required', remedy: 'Give a code.' }]
        : [],
    requestId: 'req_01989d5e-7c1a-7f00-8000-000000000001',
  }
}
