import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { aRequest, day } from '../../../test/support/requests.ts'
import type { Actor } from '../../kernel/actor.ts'
import { type Instant, instantOf } from '../../kernel/time.ts'
import type {
  AppealKind,
  Authorization,
  CaseEvent,
  Moved,
  PendedCase,
  ReceivedCase,
} from '../authorization.ts'
import type { CertificationAction, Decided, LineOutcome } from '../decision.ts'
import {
  type Appealable,
  appeal,
  type Cancellable,
  cancel,
  type FollowUp,
  isExpired,
  isOverdue,
  possibleFollowUps,
  receive,
  reject,
  requireAuthority,
  type Supersedable,
  settle,
  supersede,
  TRANSITIONS,
} from '../lifecycle.ts'
import { rollUp } from '../roll-up.ts'

const AT = Date.UTC(2026, 10, 3) as Instant
const CALLER: Actor = { kind: 'client', clientId: 'cs_test_1', organizationId: 'org_a' }
const TERMS = {
  administrativeReference: 'R1',
  authorizationNumber: 'A1',
  dueAt: (AT + 604_800_000) as Instant,
}

/** A request for two lines, in the days of December 2026. */
const received = (follows?: `auth_${string}`): Moved<ReceivedCase> =>
  receive({
    id: follows ? 'auth_2' : 'auth_1',
    payerId: 'pay_1',
    receivedFrom: 'org_a',
    door: 'json-v1',
    receivedAt: AT,
    request: aRequest({ lines: [{}, {}] }),
    actor: CALLER,
    ...(follows ? { follows } : {}),
  })

const line = (number: number, action: CertificationAction): LineOutcome => ({
  line: number,
  action,
  message: 'Criterion 4.1 is not met.',
  grounds: [{ kind: 'policy', id: 'pol_1', version: 1, text: 'Imaging', source: 'Policy 12' }],
  ...(action === 'pended' ? { pend: { waitingFor: 'reviewer', text: 'A reviewer decides.' } } : {}),
})
const decidedBy = (by: 'machine' | 'reviewer', ...actions: readonly CertificationAction[]): Decided => {
  const lines = actions.map((action, i) => line(i + 1, action))
  const action = rollUp(actions)
  // What the types refuse of a machine, `settle` must refuse too.
  return (by === 'machine' ? { by, action, lines } : { by, action, lines, reviewerId: 'per_1' }) as Decided
}

/** Everything that can happen to a case, whether it is possible or not. */
type Move =
  | {
      readonly kind: 'settle'
      readonly by: 'machine' | 'reviewer'
      readonly actions: readonly CertificationAction[]
    }
  | { readonly kind: 'reject' }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'appeal'; readonly as: AppealKind }
  | { readonly kind: 'supersede'; readonly state: 'revised' | 'extended' }

const anAction = fc.constantFrom<CertificationAction>(
  'certified',
  'not-certified',
  'modified',
  'pended',
  'no-action-required',
  'contact-payer',
)
const aMove: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    kind: fc.constant('settle' as const),
    by: fc.constantFrom('machine' as const, 'reviewer' as const),
    actions: fc.tuple(anAction, anAction),
  }),
  fc.constant({ kind: 'reject' as const }),
  fc.constant({ kind: 'cancel' as const }),
  fc.record({
    kind: fc.constant('appeal' as const),
    as: fc.constantFrom<AppealKind>('immediate', 'standard', 'reconsideration'),
  }),
  fc.record({
    kind: fc.constant('supersede' as const),
    state: fc.constantFrom('revised' as const, 'extended' as const),
  }),
)

/** Makes a move as a caller would whom no type holds back. @throws Error when the case may not make it */
function make(authorization: Authorization, move: Move, at: Instant): Moved {
  switch (move.kind) {
    case 'settle':
      return settle(authorization as ReceivedCase, decidedBy(move.by, ...move.actions), at, TERMS)
    case 'reject':
      return reject(authorization as ReceivedCase, [{ level: 'event', reason: '33', followUp: 'C' }], at)
    case 'cancel':
      return cancel(authorization as Cancellable, CALLER, at)
    case 'appeal':
      return appeal(
        authorization as Appealable,
        { kind: move.as, receivedAt: at, dueAt: (at + 1) as Instant },
        CALLER,
      )
    case 'supersede':
      return supersede(authorization as Supersedable, move.state, successorOf(authorization))
  }
}

function successorOf({ id }: Authorization): Supersedable {
  const settled = settle(
    received(id).authorization,
    decidedBy('machine', 'certified', 'certified'),
    AT,
    TERMS,
  )
  return settled.authorization as Supersedable
}

const ADVERSE = new Set(['modified', 'partially-approved', 'denied', 'appealed'])

test('any sequence of moves keeps to the table, numbers its events without gaps, and keeps promise 4', () => {
  const reached = new Set<string>()
  fc.assert(
    fc.property(fc.array(aMove, { maxLength: 6 }), (moves) => {
      let { authorization, events }: Moved = received()
      for (const [i, move] of moves.entries()) {
        const before: Authorization = authorization
        const refused = (() => {
          try {
            const moved = make(before, move, (AT + i + 1) as Instant)
            authorization = moved.authorization
            events = [...events, ...moved.events]
            return false
          } catch {
            return true
          }
        })()
        if (refused) {
          assert.equal(authorization, before)
          continue
        }
        const followers = TRANSITIONS[before.state]
        const isReached =
          followers.includes(authorization.state) ||
          followers.some((between) => TRANSITIONS[between].includes(authorization.state))
        assert.ok(isReached, `${before.state} became ${authorization.state}`)
        reached.add(authorization.state)
        assert.deepEqual(
          events.map(({ sequence }: CaseEvent) => sequence),
          events.map((_, index) => index + 1),
        )
        assert.equal(authorization.lastSequence, events.length)
        if (!('decided' in authorization)) continue
        requireAuthority(authorization.decided, authorization.request)
        if (ADVERSE.has(authorization.state)) assert.notEqual(authorization.decided.by, 'machine')
      }
    }),
    { numRuns: 3000, seed: 20_261_124 },
  )
  for (const state of ['withdrawn', 'cancelled', 'appealed', 'revised', 'extended', 'denied', 'modified'])
    assert.ok(reached.has(state), `${state} was never reached`)
})

/** A case that a machine has answered, or that a reviewer has after it was pended. */
function settled(by: 'machine' | 'reviewer', ...actions: readonly CertificationAction[]): Authorization {
  const { authorization } = received()
  if (by === 'machine') return settle(authorization, decidedBy(by, ...actions), AT, TERMS).authorization
  const pended = settled('machine', 'pended', 'pended')
  assert.equal(pended.state, 'pended')
  return settle(pended as PendedCase, decidedBy(by, ...actions), AT, TERMS).authorization
}

const APPEALS: readonly FollowUp[] = ['appeal-immediate', 'appeal-standard', 'reconsideration']

test('a case that is pended can be taken back, and nothing else', () => {
  assert.deepEqual(possibleFollowUps(settled('machine', 'pended', 'pended'), AT), ['cancel'])
})

test('a denial is contested, and never revised, extended or cancelled', () => {
  assert.deepEqual(possibleFollowUps(settled('reviewer', 'not-certified', 'not-certified'), AT), APPEALS)
})

test('what was certified as asked is not contested', () => {
  const possible = possibleFollowUps(settled('machine', 'certified', 'certified'), AT)
  assert.deepEqual(possible, ['revised', 'extension', 'renewal', 'cancel'])
})

test('what may be asked of a case is a move of the table', () => {
  const MOVES: Readonly<Partial<Record<FollowUp, readonly string[]>>> = {
    revised: ['revised'],
    extension: ['extended'],
    cancel: ['withdrawn', 'cancelled'],
    'appeal-standard': ['appealed'],
  }
  const cases = [
    settled('machine', 'pended', 'pended'),
    settled('machine', 'certified', 'certified'),
    settled('reviewer', 'certified', 'not-certified'),
    settled('reviewer', 'modified', 'modified'),
    settled('reviewer', 'not-certified', 'not-certified'),
  ]
  for (const authorization of cases)
    for (const purpose of possibleFollowUps(authorization, AT)) {
      const states = MOVES[purpose]
      if (states)
        assert.ok(
          states.some((state) => (TRANSITIONS[authorization.state] as readonly string[]).includes(state)),
        )
    }
})

const midnightAfter = (text: string) => instantOf({ date: day(text), secondOfDay: 0 })
const HOUR = 3_600_000

test('a case is expired once its last day is over everywhere on earth, and not a moment earlier', () => {
  const authorization = settled('machine', 'certified', 'certified')
  const over = midnightAfter('2027-01-01') + 12 * HOUR
  assert.equal(isExpired(authorization, (over - 1) as Instant), false)
  assert.equal(isExpired(authorization, over as Instant), true)
  assert.deepEqual(possibleFollowUps(authorization, over as Instant), ['renewal'])
})

test('what was refused does not expire', () => {
  const authorization = settled('reviewer', 'not-certified', 'not-certified')
  assert.equal(isExpired(authorization, (AT + 10_000 * 24 * HOUR) as Instant), false)
})

test('a case is overdue when the moment of its decision has passed, pended or appealed', () => {
  const pended = settled('machine', 'pended', 'pended')
  assert.equal(isOverdue(pended, TERMS.dueAt), false)
  assert.equal(isOverdue(pended, (TERMS.dueAt + 1) as Instant), true)
  const contested = { kind: 'standard', receivedAt: AT, dueAt: (AT + 5) as Instant } as const
  const appealed = appeal(
    settled('reviewer', 'not-certified', 'not-certified') as Appealable,
    contested,
    CALLER,
  ).authorization
  assert.equal(isOverdue(appealed, (AT + 6) as Instant), true)
})

test('a case gives way to the one that follows it, and to no other', () => {
  const earlier = settled('machine', 'certified', 'certified') as Supersedable
  const stranger = settled('machine', 'certified', 'certified') as Supersedable
  assert.throws(() => supersede(earlier, 'extended', stranger), /does not follow/)
  const { authorization, events } = supersede(earlier, 'extended', successorOf(earlier))
  assert.deepEqual(authorization.successor, { id: 'auth_2', authorizationNumber: 'A1' })
  assert.deepEqual(
    events.map(({ type }) => type),
    ['authorization.extended'],
  )
})
