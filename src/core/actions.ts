import type { CertificationAction } from './decision.ts'

/**
 * The outcome of an event, from the outcomes of its lines.
 *
 * A cancelled line counts only when nothing else is left, and a line that needs no action only beside lines that need
 * none. Of the rest: one open line leaves the event open; a line that only the payer can answer for sends the requester
 * there; certified beside denied is a partial certification; changes alone make it modified.
 *
 * @param actions one for each line, in any order; at least one
 * @throws Error when there are none: an event without lines is answered as a line of its own, numbered 0
 * @see 005010X217 loop 2000E HCR01 and loop 2000F HCR01, code source 306
 */
export function rollUp(actions: readonly CertificationAction[]): CertificationAction {
  if (actions.length === 0) throw new Error('an event has at least one outcome')
  const standing = withoutUnlessAlone('no-action-required', withoutUnlessAlone('cancelled', actions))
  const has = (action: CertificationAction) => standing.includes(action)
  const [first] = standing
  if (first !== undefined && standing.every((action) => action === first)) return first
  if (has('pended')) return 'pended'
  if (has('contact-payer')) return 'contact-payer'
  if (has('certified-partially') || has('not-certified')) return 'certified-partially'
  return 'modified'
}

function withoutUnlessAlone(
  action: CertificationAction,
  actions: readonly CertificationAction[],
): readonly CertificationAction[] {
  const others = actions.filter((other) => other !== action)
  return others.length === 0 ? actions : others
}
