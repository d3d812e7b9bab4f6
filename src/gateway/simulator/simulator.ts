import type { PendedCase } from '../../core/authorization.ts'
import type { Inquiry, ReviewRequest } from '../../core/request.ts'
import type { AuthorizationId, OrganizationId } from '../../kernel/ids.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import type { Database, Tx } from '../../platform/database/index.ts'
import { type CannedAnswer, cannedInquiry } from './canned-inquiry.ts'
import { approved, type Forced, force, type Simulated } from './force.ts'
import { openHolding, type Pause } from './hold.ts'
import { openOrganizationScenarios } from './organization-scenarios.ts'
import { type OrganizationScenario, readScenario, type Scenario } from './scenarios.ts'
import {
  addAhead,
  deleteScenario,
  deleteSettlement,
  insertSettlement,
  selectAhead,
  takeDue,
  upsertScenario,
} from './store.ts'
import { inquiryScenario, submissionScenario } from './test-ids.ts'

/** What a caller said that may steer the sandbox. */
export interface Steering {
  readonly organizationId: OrganizationId
  readonly operation: string
  /** The header, as received. */
  readonly header: string | readonly string[] | undefined
  /** ISA08, or what stands for it. */
  readonly receiverId: string
  readonly payerId: string
}

/** What the sandbox can be made to answer. Production has none. */
export interface Simulator {
  /**
   * What is to be made of a request: by its header, else by its test id, else by what its company has set.
   *
   * A caller who is to wait, waits here; so it is never called within a transaction.
   *
   * @returns undefined when rules and policies, or the record, are to answer
   * @throws Problem `request/scenario-unknown`; and as the scenario asks, `payer/timeout` or `system/unexpected`;
   *                 `request/too-many` when too many wait already
   */
  steer(steering: Steering): Promise<Scenario | undefined>
  /** What is put on a case; undefined when the scenario does not say. */
  force(scenario: Scenario, request: ReviewRequest): Forced | undefined
  /** What is told of a case that does not exist; undefined when the scenario does not say. */
  answerInquiry(scenario: Scenario, asked: Inquiry, at: Instant): CannedAnswer | undefined
  /** Sets what every submission of a company comes to; undefined takes it away. Call `forget` when it is committed. */
  setScenario(
    tx: Tx,
    organizationId: OrganizationId,
    scenario: OrganizationScenario | undefined,
    at: Instant,
  ): Promise<void>
  forget(organizationId: OrganizationId): void
  /** Moves the business clock of a company on. @returns how far ahead it is now, in ms */
  advance(tx: Tx, organizationId: OrganizationId, byMs: number, at: Instant): Promise<number>
  /** What the business clock of the session's company shows when the real one shows `at`. */
  businessTime(tx: Tx, at: Instant): Promise<Instant>
  /** Has a case certified when its time has come; in the transaction that keeps it. */
  schedule(tx: Tx, authorization: PendedCase, at: Instant): Promise<void>
  /** Cases whose time has come, which nobody else takes until this transaction ends; in a worker's. */
  takeDue(tx: Tx, at: Instant, limit: number): Promise<readonly AuthorizationId[]>
  /** What is put on a case whose time has come. */
  approve(request: ReviewRequest): Simulated
  /** To be called for each that was taken, whatever came of it. */
  settled(tx: Tx, id: AuthorizationId): Promise<void>
}

/** How long a case waits that is pended and then certified: an hour by the business clock of its company. */
export const APPROVED_AFTER_MS = 3_600_000

export interface SimulatorDeps {
  /** The sandbox's. */
  readonly database: Database
  readonly clock: Clock
  /** Waits for so many ms; the real one when left out. */
  readonly pause?: Pause
}

export function openSimulator({ database, clock, pause }: SimulatorDeps): Simulator {
  const scenarios = openOrganizationScenarios(database, clock)
  const { hold } = openHolding(pause)
  return {
    steer: async (steering) => {
      const scenario =
        readScenario(steering.header) ??
        testIdScenario(steering) ??
        (await scenarios.of(steering.organizationId))
      await hold(scenario, steering.organizationId)
      return scenario
    },
    force,
    answerInquiry: cannedInquiry,
    setScenario: (tx, organizationId, scenario, at) =>
      scenario === undefined
        ? deleteScenario(tx, organizationId)
        : upsertScenario(tx, organizationId, scenario, at),
    forget: scenarios.forget,
    advance: addAhead,
    businessTime,
    schedule: async (tx, authorization, at) => {
      const now = await businessTime(tx, at)
      await insertSettlement(tx, authorization, (now + APPROVED_AFTER_MS) as Instant)
    },
    takeDue,
    approve: (request) => approved('pend-then-approve', request),
    settled: deleteSettlement,
  }
}

async function businessTime(tx: Tx, at: Instant): Promise<Instant> {
  return (at + (await selectAhead(tx))) as Instant
}

function testIdScenario({ operation, receiverId, payerId }: Steering): Scenario | undefined {
  if (operation === 'submission') return submissionScenario(receiverId)
  if (operation === 'inquiry') return inquiryScenario(receiverId) ?? inquiryScenario(payerId)
  // It inquires, and may submit: what steers either steers that part of it.
  if (operation === 'authorization')
    return submissionScenario(receiverId) ?? inquiryScenario(receiverId) ?? inquiryScenario(payerId)
  return undefined
}
