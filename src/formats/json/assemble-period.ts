import type { DatePeriod } from '../../kernel/time.ts'
import type { Draft } from './draft.ts'
import type { Findings } from './findings.ts'

/** A period from two fields; one day when it has no end. */
export function assemblePeriod(draft: Draft, path: string, findings: Findings): DatePeriod | undefined {
  const from = draft.date(`${path}.from`)
  const until = draft.date(`${path}.until`)
  if (from === undefined) {
    if (until !== undefined && !draft.wasSent(`${path}.from`)) {
      findings.fault(draft.place(`${path}.until`), 'is the end of a period that has no beginning')
    }
    return undefined
  }
  if (until !== undefined && until < from) {
    findings.fault(draft.place(`${path}.until`), 'is before the beginning of its period')
    return undefined
  }
  return { from, until: until ?? from }
}
