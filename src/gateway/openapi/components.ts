/** The schemas that are told by their names. Those of `/v1` are lifted out of what its routes check and answer. */
import { type JsonSchema, WIRE_SCHEMAS } from '../../formats/json/index.ts'
import { ACCESS_SCHEMAS } from './access.ts'
import { BATCH_SCHEMAS } from './batches.ts'
import { COMPATIBLE_SCHEMAS } from './compatible.ts'
import { PROBLEM_SCHEMAS } from './refusals.ts'

export const SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  ...WIRE_SCHEMAS,
  ...COMPATIBLE_SCHEMAS,
  ...ACCESS_SCHEMAS,
  ...PROBLEM_SCHEMAS,
  ...BATCH_SCHEMAS,
}
