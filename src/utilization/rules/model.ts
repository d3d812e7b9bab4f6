import type { DeterminationRule } from '../../core/determination/index.ts'
import type { Code, PatientEvent } from '../../core/request.ts'
import type { PlainDate } from '../../kernel/time.ts'

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

/** Care that somebody wants to know the need of authorization for. An absent fact is unknown, not false. */
export interface Need {
  readonly event: PatientEvent
  /** The patient's, who may be a dependent. */
  readonly birthDate?: PlainDate
  readonly plan?: string
}
