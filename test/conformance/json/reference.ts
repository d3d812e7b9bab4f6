import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Where the reference lies: `REFERENCE_DIR`, or `shared/reference` beside the repository. */
const FOLDER = resolve(
  process.env.REFERENCE_DIR ?? resolve(import.meta.dirname, '../../../../shared/reference'),
)

/** Why these tests cannot run here; undefined when they can. In CI a missing reference is a failure instead. */
export const missing: string | undefined =
  existsSync(FOLDER) || process.env.CI === 'true'
    ? undefined
    : `the reference is not at ${FOLDER}: set REFERENCE_DIR to its folder`

/** A JSON file of the reference, such as `json/user-submission-request-subscriber.json`. */
export function reference(path: string): unknown {
  return JSON.parse(readFileSync(resolve(FOLDER, path), 'utf8'))
}
