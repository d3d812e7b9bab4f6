import type { AuthorizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'

/** A refusal of what was asked about a case that the caller may see: the record says which one. */
export class RefusedOnCase extends Problem {
  readonly on: AuthorizationId
  readonly forRecord: Readonly<Record<string, string>>

  /** @param because one word of ours, for the record */
  constructor(refusal: Problem, on: AuthorizationId, because?: string) {
    const { code, detail, faults, retryAfterSeconds, cause } = refusal
    super(code, detail, { faults, cause, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) })
    this.on = on
    this.forRecord = because === undefined ? {} : { refused: because }
  }
}
