import type { ZenDecision } from '@gorules/zen-engine'
import type { Ground } from '../../core/decision.ts'
import { matches } from './cells.ts'
import {
  INPUTS,
  type InputName,
  type Policy,
  type PolicyDecision,
  type PolicyInputs,
  type PolicyRow,
  type PublishedPolicy,
} from './model.ts'

/** A policy ready to decide. */
export interface LoadedPolicy extends PublishedPolicy, Policy {
  readonly decision: ZenDecision
}

/**
 * Decides by a policy. The engine picks the row; because it fails open, its pick is believed only as far as it can be
 * shown: a certifying row must hold in every cell, and each row before it must fail in a cell whose input is known. A row
 * that hangs on a missing input stops the table there, and the request waits for that input.
 *
 * Never throws: what cannot be decided is pended to a reviewer.
 */
export async function decideBy(policy: LoadedPolicy, inputs: PolicyInputs): Promise<PolicyDecision> {
  const wrong = wronglyTyped(inputs)
  if (wrong) return undecided(`The policy could not read ${INPUTS[wrong].called}.`)
  const picked = await pick(policy, inputs)
  if (picked === undefined) return undecided('The policy could not be evaluated.')
  for (const [i, row] of policy.rows.slice(0, picked + 1).entries()) {
    const hold = holds(row, inputs)
    if (hold === 'no') continue
    if (typeof hold === 'object') return waitingFor(hold.missing, groundOf(policy, row))
    return i === picked ? decisionOf(policy, row) : undecided('The policy contradicts itself.')
  }
  return undecided('The policy contradicts itself.')
}

function decisionOf(policy: LoadedPolicy, row: PolicyRow): PolicyDecision {
  const ground = groundOf(policy, row)
  return row.outcome === 'certify'
    ? { outcome: 'certify', ground }
    : { outcome: 'pend', waitingFor: row.waitingFor, reason: row.reason, ground }
}

function undecided(reason: string): PolicyDecision {
  return { outcome: 'pend', waitingFor: 'reviewer', reason }
}

function waitingFor(missing: readonly InputName[], ground: Ground): PolicyDecision {
  const called = [...new Set(missing.map((name) => INPUTS[name].called))]
  return {
    outcome: 'pend',
    waitingFor: 'information',
    reason: `The payer’s policy needs ${called.join(' and ')}.`,
    ground,
  }
}

function groundOf({ id, version }: PublishedPolicy, row: PolicyRow): Ground {
  return { kind: 'policy', id: `${id}#${row.id}`, version, text: row.text, source: row.source }
}

/** The place of the row that the engine picks; undefined when it picks none or says something that the row does not. */
async function pick({ decision, rows }: LoadedPolicy, inputs: PolicyInputs): Promise<number | undefined> {
  const answer = await decision.safeEvaluate(inputs, { trace: true })
  if (!answer.success) return undefined
  const traces = Object.values(answer.data.trace ?? {})
  const index: unknown = traces.find(({ traceData }) => typeof traceData?.rule?._id === 'string')?.traceData
    .index
  const row = typeof index === 'number' ? rows[index] : undefined
  return row !== undefined && answer.data.result?.outcome === row.outcome ? (index as number) : undefined
}

/** Whether every cell of a row holds; or which inputs are missing to say so, when no known one fails. */
function holds(
  row: PolicyRow,
  inputs: PolicyInputs,
): 'yes' | 'no' | { readonly missing: readonly InputName[] } {
  const missing: InputName[] = []
  for (const [name, cell] of row.cells) {
    const value = inputs[name]
    if (value === undefined) missing.push(name)
    else if (matches(cell, value) !== true) return 'no'
  }
  return missing.length === 0 ? 'yes' : { missing }
}

/** An input that is there, but not of its kind. */
function wronglyTyped(inputs: PolicyInputs): InputName | undefined {
  return (Object.keys(INPUTS) as InputName[]).find((name) => {
    const value: unknown = inputs[name]
    if (value === undefined) return false
    const kind = INPUTS[name].kind
    if (kind === 'number') return typeof value !== 'number' || !Number.isFinite(value)
    if (kind === 'text') return typeof value !== 'string' || value === ''
    return !Array.isArray(value) || value.some((member) => typeof member !== 'string')
  })
}
