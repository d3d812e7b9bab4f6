/** The tables as JSON Schemas, for whoever describes the API: what each field holds, and where it is in a 278. */
import type { Row, Table } from './table.ts'
import { INQUIRY } from './tables/inquiry.ts'
import { INQUIRY_ANSWER } from './tables/inquiry-answer.ts'
import { NOTICE } from './tables/notice.ts'
import { SUBMISSION } from './tables/submission.ts'
import { SUBMISSION_ANSWER } from './tables/submission-answer.ts'

/** A schema of JSON Schema 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** By name. Fields that are not named are put up with, so no schema closes its objects. */
export const WIRE_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  Submission: schemaOf(SUBMISSION),
  Inquiry: schemaOf(INQUIRY),
  Notice: schemaOf(NOTICE),
  SubmissionAnswer: schemaOf(SUBMISSION_ANSWER),
  InquiryAnswer: schemaOf(INQUIRY_ANSWER),
}

function schemaOf(table: Table): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(table.map((row) => [row.field, rowSchema(row)])),
  }
}

function rowSchema(row: Row): JsonSchema {
  switch (row.is) {
    case 'leaf':
      return {
        type: row.form.takesNumbers ? ['string', 'number', 'null'] : ['string', 'null'],
        description: `${row.form.holds}; ${row.x12}`,
      }
    case 'group':
      return { ...schemaOf(row.rows), type: ['object', 'null'] }
    case 'list':
      return {
        type: ['array', 'null'],
        items: schemaOf(row.rows),
        ...(Number.isSafeInteger(row.most) ? { maxItems: row.most } : {}),
      }
    case 'elsewhere':
      return { description: `accepted and noted here; ${row.readers} reads it` }
    case 'unread':
      return { description: `never looked at: ${row.why}` }
    case 'unwritten':
      return { description: `never filled: ${row.why}; ${row.x12}` }
  }
}
