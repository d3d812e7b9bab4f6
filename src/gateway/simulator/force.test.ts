import assert from 'node:assert/strict'
import { test } from 'node:test'
import { aSubmission } from '../../../test/support/a-submission.ts'
import { requireAuthority } from '../../core/lifecycle.ts'
import type { ReviewRequest } from '../../core/request.ts'
import { decodeSubmission } from '../../formats/json/index.ts'
import { type Forced, force } from './force.ts'
import type { Scenario } from './scenarios.ts'

interface Service {
  readonly procedureCode: string
  readonly serviceUnitCount?: string
}

function aRequest(
  services: readonly Service[] = [{ procedureCode: 'A0428', serviceUnitCount: '5' }],
  end = '20270503',
) {
  const event = aSubmission().patientEventDetail as Record<string, unknown>
  const read = decodeSubmission(
    aSubmission({
      patientEventDetail: {
        ...event,
        eventDateEnd: end,
        serviceLevel: services.map((service) => ({
          professionalService: {
            productOrServiceIDQualifier: 'HC',
            ...(service.serviceUnitCount && { unitOrBasisForMeasurementCode: 'UN' }),
            ...service,
          },
        })),
      },
    }),
  )
  assert.ok(read.ok, JSON.stringify(read))
  return read.value
}

function steps(scenario: Scenario, request: ReviewRequest = aRequest()) {
  const forced = force(scenario, request) as Forced
  assert.equal(forced.kind, 'decided')
  return forced.kind === 'decided' ? forced.steps : []
}

const last = (scenario: Scenario, request?: ReviewRequest) => {
  const decided = steps(scenario, request).at(-1)
  assert.ok(decided)
  return decided
}

for (const [scenario, actions] of [
  ['approve', ['certified']],
  ['pend', ['pended']],
  ['pend-then-approve', ['pended']],
  ['deny', ['pended', 'not-certified']],
  ['modify', ['pended', 'modified']],
  ['partial', ['pended', 'certified-partially']],
  ['cancel', ['certified']],
] as const)
  test(`${scenario} puts on the case: ${actions.join(', then ')}`, () => {
    assert.deepEqual(
      steps(scenario).map(({ action }) => action),
      actions,
    )
    for (const step of steps(scenario)) {
      assert.equal(step.scenario, scenario)
      requireAuthority(step, aRequest())
    }
  })

test('cancel certifies and then gives up: only what was certified is cancelled', () => {
  const forced = force('cancel', aRequest())
  assert.equal(forced?.kind === 'decided' && forced.afterwards, 'cancelled')
})

for (const scenario of ['deny', 'modify', 'partial'] as const)
  test(`${scenario} names its simulated reviewer, their licence, the reason and the ground`, () => {
    const [line] = last(scenario).lines
    assert.match(String(line?.message), /Simulated review by .+, licence [A-Z]{2} SIM-\d{5} \(invented\)\.$/)
    assert.ok(String(line?.message).length <= 264, 'it fits into one MSG segment')
    assert.equal(line?.grounds[0]?.id, `sandbox/${scenario}`)
  })

test('what is certified is what was asked for', () => {
  const [line] = last('approve').lines
  assert.deepEqual(line?.certifiedQuantity, { unit: 'UN', value: '5' })
  assert.deepEqual(line?.certifiedPeriod, { from: '2027-05-03', until: '2027-05-03' })
})

test('modify certifies half of the quantity, rounded up', () => {
  assert.deepEqual(last('modify').lines[0]?.certifiedQuantity, { unit: 'UN', value: '3' })
})

test('modify of a single unit certifies the first day', () => {
  const request = aRequest([{ procedureCode: 'A0428', serviceUnitCount: '1' }], '20270509')
  assert.deepEqual(last('modify', request).lines[0]?.certifiedPeriod, {
    from: '2027-05-03',
    until: '2027-05-03',
  })
})

test('partial refuses the last of several lines and certifies the others as asked', () => {
  const request = aRequest([
    { procedureCode: 'A0428' },
    { procedureCode: 'A0426' },
    { procedureCode: 'A0425' },
  ])
  const { action, lines } = last('partial', request)
  assert.equal(action, 'certified-partially')
  assert.deepEqual(
    lines.map((line) => line.action),
    ['certified', 'certified', 'not-certified'],
  )
})

test('an event without lines is decided as one', () => {
  const { lines } = last('deny', aRequest([]))
  assert.deepEqual(
    lines.map(({ line, action }) => [line, action]),
    [[0, 'not-certified']],
  )
})

test('a rejection of the member stands at the subscriber, with 73', () => {
  assert.deepEqual(force('reject-member', aRequest()), {
    kind: 'rejected',
    rejections: [{ level: 'subscriber', reason: '73', followUp: 'C' }],
  })
})

test('unable to respond stands at the payer’s system, with 42 and: please resubmit', () => {
  assert.deepEqual(force('unable-to-respond', aRequest()), {
    kind: 'rejected',
    rejections: [{ level: 'system', reason: '42', followUp: 'P' }],
  })
})

for (const scenario of ['slow', 'timeout', 'error', 'found'] as const)
  test(`${scenario} says nothing about how a request is decided`, () => {
    assert.equal(force(scenario, aRequest()), undefined)
  })
