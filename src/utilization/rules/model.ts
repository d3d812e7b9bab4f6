import type { DeterminationRule } from '../../core/determination/index.ts'
import type { Code } from '../../core/request.ts'

/** A procedure code to look rules up by; `system` as in X12 235. */
export interface AskedCode {
  readonly system: Code
  readonly code: Code
}

/** A row as its author wrote it, before an import gives it an id and a version. */
export interface DraftRule extends Omit<DeterminationRule, 'id' | 'version'> {
  /** The line of the text that it stands on, from 1 up. */
  readonly line: number
}

export interface RuleImport {
  /** From 1 up, for each payer. */
  readonly version: number
  readonly rows: number
}
