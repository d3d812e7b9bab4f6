import type { CertificationAction } from './decision.ts'

/**
 * The action of the whole event, from those of its lines.
 *
 * All the same gives that. Otherwise a line that needs nothing (NA) is ignored, a cancelled one (C) counts only when
 * nothing else is left, and of the rest the first of these holds: anything pended (A4) pends the event; anything that
 * the payer wants to talk about (CT) makes it that; anything refused or certified in part makes it certified in part
 * (A2); what remains is certified with changes (A6).
 *
 * CT beside others is our reading: no answer is final while the payer asks to be contacted.
 *
 * @param actions one for each line, in any order
 * @throws Error  when there are none
 * @see 005010X217 loop 2000E HCR01 and loop 2000F HCR01
 */
export function rollUp(actions: readonly CertificationAction[]): CertificationAction {
  const [first, ...others] = withoutSilent(actions)
  if (first === undefined) throw new Error('an event without actions has no action')
  if (others.every((action) => action === first)) return first
  const present = new Set([first, ...others])
  if (present.has('pended')) return 'pended'
  if (present.has('contact-payer')) return 'contact-payer'
  if (present.has('not-certified') || present.has('certified-partially')) return 'certified-partially'
  return 'modified'
}

/** Leaves out what does not speak beside others: lines that need nothing, then cancelled ones. */
function withoutSilent(actions: readonly CertificationAction[]): readonly CertificationAction[] {
  const needing = actions.filter((action) => action !== 'no-action-required')
  if (needing.length === 0) return actions
  const standing = needing.filter((action) => action !== 'cancelled')
  return standing.length === 0 ? needing : standing
}
