import { Type } from 'typebox'
import { AGREEMENT_KINDS, type Template } from './model.ts'

const closed = { additionalProperties: false } as const
const LINE = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
})

const SAID = {
  kind: Type.Enum([...AGREEMENT_KINDS]),
  title: LINE,
  clauses: Type.Array(
    Type.Object(
      { heading: LINE, text: Type.String({ minLength: 1, maxLength: 10_000, pattern: '\\S' }) },
      closed,
    ),
    { minItems: 1, maxItems: 100 },
  ),
}

/** Body of `POST /api/operator/agreements`: `replaces` is the version that it was written from. */
export const PUBLISH = Type.Object({ ...SAID, replaces: Type.Integer({ minimum: 0 }) }, closed)
/** Body of `POST /api/operator/agreements/preview`. */
export const PREVIEW = Type.Object(SAID, closed)

export function templateWire({ publishedAt, ...template }: Template) {
  return { ...template, publishedAt: new Date(publishedAt).toISOString() }
}
