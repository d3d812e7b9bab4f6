import type { Fault } from '../../kernel/result.ts'
import type { DraftRule } from './model.ts'

/**
 * Rows that ask about exactly the same and answer differently on the same day. Such a pair would be settled for
 * `required` at every request; whoever wrote them should settle it once.
 */
export function contradictions(rules: readonly DraftRule[]): readonly Fault[] {
  const alike = new Map<string, DraftRule[]>()
  for (const rule of rules) {
    const {
      line: _line,
      effective: _,
      answer: _answer,
      reviewer: _r,
      documents: _d,
      text: _t,
      source: _s,
      ...asks
    } = rule
    const key = JSON.stringify(asks)
    const group = alike.get(key)
    if (group) group.push(rule)
    else alike.set(key, [rule])
  }
  return [...alike.values()].flatMap(contradictionsIn)
}

/** By the beginning of their time, each row is held against the longest-lasting one before it that says otherwise. */
function contradictionsIn(alike: readonly DraftRule[]): readonly Fault[] {
  const lasting: Partial<Record<DraftRule['answer'], DraftRule>> = {}
  const faults: Fault[] = []
  for (const rule of [...alike].sort((a, b) => (a.effective.from < b.effective.from ? -1 : 1))) {
    const other = lasting[rule.answer === 'required' ? 'not-required' : 'required']
    if (other && rule.effective.from <= end(other))
      faults.push({
        at: `line ${rule.line}, column answer`,
        message: `found ${rule.answer}, but line ${other.line} asks about the same and says ${other.answer} on ${rule.effective.from}`,
      })
    const own = lasting[rule.answer]
    if (!own || end(own) < end(rule)) lasting[rule.answer] = rule
  }
  return faults
}

function end(rule: DraftRule): string {
  return rule.effective.until ?? '9999-12-31'
}
