import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aRequest, day, type RequestParts } from '../../test/support/requests.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Instant } from '../kernel/time.ts'
import type { AuthorizationState, CaseEvent, PendedCase, ReceivedCase } from './authorization.ts'
import type { CertificationAction, Decided, Ground, LineOutcome } from './decision.ts'
import {
  OPEN_STATES,
  participantsOf,
  receive,
  reject,
  requireMove,
  settle,
  TRANSITIONS,
} from './lifecycle.ts'

const AT = 1_800_000_000_000 as Instant
const LATER = (AT + 1000) as Instant
const TERMS = {
  administrativeReference: 'R1',
  authorizationNumber: 'A1',
  dueAt: (AT + 604_800_000) as Instant,
}
const CALLER: Actor = { kind: 'client', clientId: 'cs_test_1', organizationId: 'org_a' }
const GROUND: Ground = { kind: 'policy', id: 'pol_1', version: 3, text: 'Imaging', source: 'Policy 12, 4.1' }

const received = (parts: RequestParts = {}): ReceivedCase =>
  receive({
    id: 'auth_1',
    payerId: 'pay_1',
    receivedFrom: 'org_a',
    door: 'json-v1',
    receivedAt: AT,
    request: aRequest(parts),
    actor: CALLER,
  }).authorization

const outcome = <A extends CertificationAction>(
  line: number,
  action: A,
  more: Partial<LineOutcome<A>> = {},
): LineOutcome<A> => ({
  line,
  action,
  grounds: [GROUND],
  ...((action as string) === 'pended'
    ? { pend: { waitingFor: 'reviewer', text: 'A reviewer decides.' } }
    : {}),
  ...more,
})
const APPROVED: Decided = { by: 'machine', action: 'certified', lines: [outcome(1, 'certified')] }
const PENDED: Decided = { by: 'machine', action: 'pended', lines: [outcome(1, 'pended')] }
const DENIED: Decided = {
  by: 'reviewer',
  reviewerId: 'per_1',
  action: 'not-certified',
  lines: [outcome(1, 'not-certified', { message: 'Criterion 4.1 is not met.' })],
}
/** What the types refuse, as a cast or a stored row could bring it. */
const forced = (decided: unknown) => decided as Decided
const told = (events: readonly CaseEvent[]) => events.map((event) => `${event.sequence} ${event.type}`)

test('a request that comes in is a received case with its first event', () => {
  const { authorization, events } = receive({
    id: 'auth_1',
    payerId: 'pay_1',
    receivedFrom: 'org_a',
    door: 'json-v1',
    receivedAt: AT,
    request: aRequest(),
    actor: CALLER,
  })
  assert.equal(authorization.state, 'received')
  assert.deepEqual(told(events), ['1 authorization.received'])
  assert.deepEqual(events[0]?.actor, CALLER)
})

test('the requester takes part for the company that sent, and each provider with an NPI once per role', () => {
  const surgeon = {
    role: 'operating',
    identifier: { system: 'npi', value: '1111111112' },
    references: [],
  } as const
  const clinic = {
    role: 'facility',
    identifier: { system: 'npi', value: '1111111112' },
    references: [],
  } as const
  const unnumbered = { role: 'rendering', references: [] } as const
  const request = aRequest({
    event: { providers: [surgeon, clinic, unnumbered] },
    lines: [{ providers: [surgeon] }],
  })
  assert.deepEqual(participantsOf(request, 'org_a'), [
    { role: 'requester', npi: '1234567893', organizationId: 'org_a' },
    { role: 'servicing', npi: '1111111112' },
    { role: 'facility', npi: '1111111112' },
  ])
})

test('a payer that does not consider the request rejects it, and that is an end', () => {
  const { authorization, events } = reject(
    received(),
    [{ level: 'subscriber', reason: '75', followUp: 'C' }],
    LATER,
  )
  assert.equal(authorization.state, 'rejected')
  assert.equal(authorization.rejectedAt, LATER)
  assert.deepEqual(told(events), ['2 authorization.rejected'])
  assert.deepEqual(TRANSITIONS.rejected, [])
})

test('a rejection gives a reason', () => {
  assert.throws(() => reject(received(), [], AT))
})

test('a machine approves what was asked: the case is submitted, decided, and has both numbers', () => {
  const { authorization, events } = settle(received(), APPROVED, LATER, TERMS)
  assert.equal(authorization.state, 'approved')
  assert.deepEqual(told(events), ['2 authorization.submitted', '3 authorization.decided'])
  assert.equal(authorization.lastSequence, 3)
  assert.equal('authorizationNumber' in authorization && authorization.authorizationNumber, 'A1')
  assert.equal('administrativeReference' in authorization && authorization.administrativeReference, 'R1')
  assert.deepEqual(events[1]?.actor, { kind: 'system', part: 'adjudication' })
})

test('a machine pends: why, for whom and until when are known, and there is no authorization number', () => {
  const { authorization, events } = settle(received(), PENDED, LATER, TERMS)
  assert.equal(authorization.state, 'pended')
  assert.deepEqual(told(events), ['2 authorization.submitted', '3 authorization.pended'])
  assert.deepEqual((authorization as PendedCase).pending, {
    waitingFor: 'reviewer',
    text: 'A reviewer decides.',
    dueAt: TERMS.dueAt,
  })
  assert.equal('authorizationNumber' in authorization, false)
})

test('a case is not pended without a reason', () => {
  const silent = forced({
    by: 'machine',
    action: 'pended',
    lines: [{ line: 1, action: 'pended', grounds: [] }],
  })
  assert.throws(() => settle(received(), silent, AT, TERMS), /without a reason/)
})

test('a case whose payer asks to be contacted waits for the payer', () => {
  const { authorization } = settle(
    received(),
    { by: 'machine', action: 'contact-payer', lines: [outcome(1, 'contact-payer')] },
    AT,
    TERMS,
  )
  assert.equal((authorization as PendedCase).pending.waitingFor, 'payer')
})

test('a request that needs no approval is never submitted', () => {
  const { authorization, events } = settle(
    received(),
    { by: 'machine', action: 'no-action-required', lines: [outcome(1, 'no-action-required')] },
    LATER,
    TERMS,
  )
  assert.equal(authorization.state, 'not-required')
  assert.deepEqual(told(events), ['2 authorization.not-required'])
})

test('an event without lines is decided as line 0', () => {
  const whole: Decided = { by: 'machine', action: 'certified', lines: [outcome(0, 'certified')] }
  assert.equal(settle(received({ lines: [] }), whole, AT, TERMS).authorization.state, 'approved')
})

test('a reviewer denies a pended case, and its events go on from the last', () => {
  const pended = settle(received(), PENDED, AT, TERMS).authorization as PendedCase
  const { authorization, events } = settle(pended, DENIED, LATER, { ...TERMS, administrativeReference: 'R2' })
  assert.equal(authorization.state, 'denied')
  assert.deepEqual(told(events), ['4 authorization.decided'])
  assert.deepEqual(events[0]?.actor, { kind: 'person', personId: 'per_1' })
  assert.equal('administrativeReference' in authorization && authorization.administrativeReference, 'R1')
  assert.equal('pending' in authorization, false)
})

test('nobody denies a case that was not pended first', () => {
  assert.throws(() => settle(received(), DENIED, AT, TERMS), /submitted cannot become denied/)
})

for (const action of ['not-certified', 'modified', 'certified-partially', 'cancelled'] as const) {
  test(`promise 4: a machine's event that is ${action} is refused`, () => {
    const pended = settle(received(), PENDED, AT, TERMS).authorization as PendedCase
    const adverse = forced({ by: 'machine', action, lines: [outcome(1, action)] })
    for (const from of [received(), pended])
      assert.throws(() => settle(from, adverse, AT, TERMS), /machine may only approve as asked or pend/)
  })
}

test("promise 4: an adverse line under a machine's pended event is refused", () => {
  const hidden = forced({
    by: 'machine',
    action: 'pended',
    lines: [outcome(1, 'not-certified'), outcome(2, 'pended')],
  })
  assert.throws(() => settle(received({ lines: [{}, {}] }), hidden, AT, TERMS), /machine may only/)
})

for (const [what, certified] of [
  ['a smaller quantity', { certifiedQuantity: { unit: 'UN', value: '9' } }],
  ['a quantity of another unit', { certifiedQuantity: { unit: 'DA', value: '10' } }],
  ['a quantity that is no number', { certifiedQuantity: { unit: 'UN', value: 'ten' } }],
  ['a later beginning', { certifiedPeriod: { from: day('2026-12-02'), until: day('2026-12-31') } }],
  ['an earlier end', { certifiedPeriod: { from: day('2026-12-01'), until: day('2026-12-30') } }],
] as const) {
  test(`promise 4: a machine may not certify ${what}`, () => {
    const reduced: Decided = {
      by: 'machine',
      action: 'certified',
      lines: [outcome(1, 'certified', certified)],
    }
    const asked = received({ lines: [{ quantity: { unit: 'UN', value: '10' } }] })
    assert.throws(() => settle(asked, reduced, AT, TERMS), /less than was asked/)
  })
}

test("promise 4: a machine's dates are held against the event's where the line names none", () => {
  const { period, ...undated } = aRequest().event.lines[0] ?? {}
  assert.ok(period)
  const asked = aRequest({ event: { period } })
  const request = { ...asked, event: { ...asked.event, lines: [undated] } } as typeof asked
  const shorter: Decided = {
    by: 'machine',
    action: 'certified',
    lines: [outcome(1, 'certified', { certifiedPeriod: { from: period.from, until: period.from } })],
  }
  assert.throws(() => settle({ ...received(), request }, shorter, AT, TERMS), /less than was asked/)
})

test('a machine may certify exactly what was asked, in so many words', () => {
  const same: Decided = {
    by: 'machine',
    action: 'certified',
    lines: [
      outcome(1, 'certified', {
        certifiedQuantity: { unit: 'UN', value: '1.0' },
        certifiedPeriod: { from: day('2026-12-01'), until: day('2026-12-31') },
      }),
    ],
  }
  assert.equal(settle(received(), same, AT, TERMS).authorization.state, 'approved')
})

for (const [what, lines] of [
  ['leaves a line out', [outcome(1, 'certified')]],
  ['answers a line twice', [outcome(1, 'certified'), outcome(1, 'certified')]],
  ['answers a line that was not asked', [outcome(1, 'certified'), outcome(3, 'certified')]],
] as const) {
  test(`promise 4: a decision that ${what} is refused`, () => {
    const decided: Decided = { by: 'machine', action: 'certified', lines }
    assert.throws(() => settle(received({ lines: [{}, {}] }), decided, AT, TERMS), /each service line once/)
  })
}

for (const [what, change] of [
  ['a specific reason', { message: '' }],
  ['the record it rests on', { grounds: [] }],
] as const) {
  test(`promise 4: a reviewer does not deny without ${what}`, () => {
    const pended = settle(received(), PENDED, AT, TERMS).authorization as PendedCase
    const bare = forced({ ...DENIED, lines: [{ ...DENIED.lines[0], ...change }] })
    assert.throws(() => settle(pended, bare, AT, TERMS), /specific reason/)
  })
}

test('an event whose action is not that of its lines is refused', () => {
  const wrong: Decided = { by: 'machine', action: 'certified', lines: [outcome(1, 'pended')] }
  assert.throws(() => settle(received(), wrong, AT, TERMS), /lines that come to pended/)
})

test("another payer's answer keeps the action that it came with", () => {
  const pended = settle(received({ lines: [{}, {}] }), twoPended(), AT, TERMS).authorization as PendedCase
  const relayed: Decided = {
    by: 'upstream',
    exchangeId: 'exc_1',
    action: 'modified',
    lines: [outcome(1, 'certified'), outcome(2, 'not-certified')],
  }
  assert.equal(settle(pended, relayed, AT, TERMS).authorization.state, 'modified')
})
const twoPended = (): Decided => ({
  by: 'machine',
  action: 'pended',
  lines: [outcome(1, 'pended'), outcome(2, 'pended')],
})

test('what is certified can be exhausted, nothing else can, and that is an end', () => {
  const states = Object.keys(TRANSITIONS) as AuthorizationState[]
  assert.deepEqual(
    states.filter((state) => TRANSITIONS[state].includes('exhausted')),
    ['approved', 'modified', 'partially-approved'],
  )
  assert.doesNotThrow(() => requireMove('approved', 'exhausted'))
  assert.throws(() => requireMove('denied', 'exhausted'), /denied cannot become exhausted/)
  assert.deepEqual(TRANSITIONS.exhausted, [])
})

test('an end has nothing after it, and every state that follows is itself in the table', () => {
  const states = Object.keys(TRANSITIONS)
  for (const followers of Object.values(TRANSITIONS))
    for (const follower of followers) assert.ok(states.includes(follower), follower)
  assert.deepEqual(TRANSITIONS.withdrawn, [])
})

/** Design section 7, word for word. */
const MOVES: readonly [AuthorizationState, AuthorizationState, boolean][] = [
  ['received', 'submitted', true],
  ['received', 'approved', false],
  ['submitted', 'pended', true],
  ['submitted', 'denied', false],
  ['payer-received', 'denied', true],
  ['pended', 'withdrawn', true],
  ['pended', 'expired', false],
  ['approved', 'revised', true],
  ['approved', 'appealed', false],
  ['modified', 'appealed', true],
  ['denied', 'appealed', true],
  ['denied', 'revised', false],
  ['denied', 'extended', false],
  ['appealed', 'overturned', true],
  ['rejected', 'submitted', false],
]
for (const [from, to, isAllowed] of MOVES) {
  test(`a case that is ${from} ${isAllowed ? 'can' : 'cannot'} become ${to}`, () => {
    if (isAllowed) requireMove(from, to)
    else assert.throws(() => requireMove(from, to), new RegExp(`${from} cannot become ${to}`))
  })
}

test('an open case is one that somebody still has to answer', () => {
  for (const state of OPEN_STATES) assert.ok(TRANSITIONS[state].length > 0, state)
})
