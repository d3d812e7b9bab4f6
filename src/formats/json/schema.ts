/** The tables as JSON Schemas, for whoever describes the API: what each field holds, and where it is in a 278. */
import type { Row, Table } from './table.ts'
import { INQUIRY } from './tables/inquiry.ts'
import { INQUIRY_ANSWER } from './tables/inquiry-answer.ts'
import { NOTICE } from './tables/notice.ts'
import { SUBMISSION } from './tables/submission.ts'
import { SUBMISSION_ANSWER } from './tables/submission-answer.ts'

/** A schema of JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/**
 * By name. Fields of a request that are not named are put up with, so its objects are open; an answer has the fields of its
 * table alone, so its objects are closed.
 */
export const WIRE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Submission: {
    ...requestSchema(SUBMISSION),
    description: 'A request for prior authorization (005010X217).',
  },
  Inquiry: { ...requestSchema(INQUIRY), description: 'A question about a prior authorization (005010X215).' },
  Notice: { ...requestSchema(NOTICE), description: 'A notice of admission (005010X216).' },
  DeterminationQuestion: {
    type: 'object',
    properties: { ...planSchema(), ...(requestSchema(INQUIRY).properties as JsonSchema) },
    description: 'An inquiry (005010X215), and who the plan is.',
  },
  SubmissionAnswer: { ...answerSchema(SUBMISSION_ANSWER), description: 'What a payer answers (005010X217).' },
  InquiryAnswer: { ...answerSchema(INQUIRY_ANSWER), description: 'How a request stands (005010X215).' },
}

/** Who the plan is, which an inquiry has no place for. */
function planSchema(): JsonSchema {
  const holds = { type: ['string', 'integer', 'null'] }
  return {
    rhPayerId: {
      ...holds,
      description: "The payer's id in the numbering of all payers; stands in for payerId.",
    },
    planId: { ...holds, description: 'The plan, by the id that the payer gives it.' },
  }
}

function requestSchema(table: Table): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(table.map((row) => [row.field, requestField(row)])),
  }
}

function requestField(row: Row): JsonSchema {
  switch (row.is) {
    case 'leaf':
      return {
        type: row.form.takesNumbers ? ['string', 'number', 'null'] : ['string', 'null'],
        description: `${row.form.holds}; ${row.x12}`,
      }
    case 'group':
      return { ...requestSchema(row.rows), type: ['object', 'null'] }
    case 'list':
      return {
        type: ['array', 'null'],
        items: requestSchema(row.rows),
        ...(Number.isSafeInteger(row.most) ? { maxItems: row.most } : {}),
      }
    default:
      return { description: wordsOf(row) }
  }
}

/** What `writeObject` writes: strings, and the objects and lists that the format always has. */
function answerSchema(table: Table): JsonSchema {
  const always = table.filter((row) => row.is === 'group' && row.always).map(({ field }) => field)
  return {
    type: 'object',
    properties: Object.fromEntries(table.map((row) => [row.field, answerField(row)])),
    additionalProperties: false,
    ...(always.length > 0 ? { required: [...new Set(always)] } : {}),
  }
}

function answerField(row: Row): JsonSchema {
  switch (row.is) {
    case 'leaf':
      return { type: 'string', description: `${row.form.holds}; ${row.x12}` }
    case 'group':
      return answerSchema(row.rows)
    case 'list': {
      const entries = { type: 'array', items: answerSchema(row.rows) }
      if (row.whenEmpty === null) return { ...entries, type: ['array', 'null'] }
      // In place of no entry there is one that is empty.
      return row.whenEmpty === undefined
        ? entries
        : { ...entries, items: { anyOf: [entries.items, { type: 'object', maxProperties: 0 }] } }
    }
    default:
      return { description: wordsOf(row) }
  }
}

function wordsOf(row: Extract<Row, { is: 'elsewhere' | 'unread' | 'unwritten' }>): string {
  switch (row.is) {
    case 'elsewhere':
      return `accepted and noted here; ${row.readers} reads it`
    case 'unread':
      return `never looked at: ${row.why}`
    case 'unwritten':
      return `never filled: ${row.why}; ${row.x12}`
  }
}
