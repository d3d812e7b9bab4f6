import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aRequest } from '../../../test/support/requests.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Authorization, PendedCase } from '../authorization.ts'
import type { CertificationAction, LineOutcome } from '../decision.ts'
import { isUsedUp, receive, settle } from '../lifecycle.ts'
import type { Quantity, ReviewRequest } from '../request.ts'
import { rollUp } from '../roll-up.ts'

const AT = Date.UTC(2026, 10, 3) as Instant
const TERMS = { administrativeReference: 'R1', authorizationNumber: 'A1', dueAt: AT }

const units = (value: string, unit = 'UN'): Quantity => ({ unit, value })
const outcome = <A extends CertificationAction>(
  line: number,
  action: A,
  certified?: Quantity,
): LineOutcome<A> => ({
  line,
  action,
  message: 'Criterion 4.1 is not met.',
  grounds: [{ kind: 'policy', id: 'pol_1', version: 1, text: 'Transport', source: 'Policy 12' }],
  ...((action as string) === 'pended'
    ? { pend: { waitingFor: 'reviewer', text: 'A reviewer decides.' } }
    : {}),
  ...(certified && { certifiedQuantity: certified }),
})

/** A request for these quantities; a line that has none asks for the service and does not say how much. */
function requestFor(asked: readonly (Quantity | undefined)[]): ReviewRequest {
  const request = aRequest({ lines: asked.map((quantity) => (quantity ? { quantity } : {})) })
  const lines = request.event.lines.map(({ quantity, ...line }, i) =>
    asked[i] && quantity ? { ...line, quantity } : line,
  )
  return { ...request, event: { ...request.event, lines } }
}

/** A case that asks for these quantities, a line each, as a reviewer has decided it. */
function decided(asked: readonly (Quantity | undefined)[], outcomes: readonly LineOutcome[]): Authorization {
  const { authorization } = receive({
    id: 'auth_1',
    payerId: 'pay_1',
    receivedFrom: 'org_a',
    door: 'json-v1',
    receivedAt: AT,
    request: requestFor(asked),
    actor: { kind: 'client', clientId: 'cs_test_1', organizationId: 'org_a' },
  })
  const waiting = outcomes.map(({ line }) => outcome(line, 'pended'))
  const pended = settle(authorization, { by: 'machine', action: 'pended', lines: waiting }, AT, TERMS)
  const action = rollUp(outcomes.map((one) => one.action))
  const by = { by: 'reviewer', reviewerId: 'per_1', action, lines: outcomes } as const
  return settle(pended.authorization as PendedCase, by, AT, TERMS).authorization
}

const used = (...values: readonly (Quantity | undefined)[]) =>
  new Map(values.flatMap((value, i) => (value ? [[i + 1, value] as const] : [])))

describe('what is certified is used up', () => {
  const two = decided([units('2'), units('3')], [outcome(1, 'certified'), outcome(2, 'certified')])

  test('when each line was used as often as it is certified for, and no sooner', () => {
    assert.equal(isUsedUp(two, used(units('2'), units('2'))), false)
    assert.equal(isUsedUp(two, used(units('2'))), false)
    assert.equal(isUsedUp(two, used(units('2'), units('3'))), true)
    assert.equal(isUsedUp(two, used(units('9'), units('3.0'))), true)
  })

  test('by what was certified, where that is less than was asked', () => {
    const halved = decided([units('10')], [outcome(1, 'modified', units('5'))])
    assert.equal(isUsedUp(halved, used(units('4'))), false)
    assert.equal(isUsedUp(halved, used(units('5'))), true)
  })

  test('whatever was refused beside it', () => {
    const half = decided([units('2'), units('3')], [outcome(1, 'certified'), outcome(2, 'not-certified')])
    assert.equal(isUsedUp(half, used(units('2'))), true)
  })

  test('never by a count in another unit, nor by what is no number', () => {
    assert.equal(isUsedUp(two, used(units('2', 'DA'), units('3'))), false)
    assert.equal(isUsedUp(two, used(units('two'), units('3'))), false)
  })

  test('never where a line is certified without a quantity', () => {
    const open = decided([undefined], [outcome(1, 'certified')])
    assert.equal(isUsedUp(open, used(units('1000'))), false)
  })

  test('never where nothing is certified', () => {
    const denied = decided([units('2')], [outcome(1, 'not-certified')])
    assert.equal(isUsedUp(denied, used(units('2'))), false)
  })
})
