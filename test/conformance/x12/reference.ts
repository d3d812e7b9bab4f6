import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../../..')
const folder = resolve(root, process.env.REFERENCE_DIR ?? '../shared/reference')

/** Why tests on published examples are skipped; false when they run. In CI a missing folder is a failure instead. */
export const skipWithoutReference: string | false =
  existsSync(folder) || process.env.CI === 'true'
    ? false
    : 'the published examples are not here: set REFERENCE_DIR to their folder'

/** A published interchange, by the name of its file without ending. */
export function publishedX12(name: string): string {
  return readFileSync(join(folder, 'x12', `${name}.edi`), 'utf8')
}
