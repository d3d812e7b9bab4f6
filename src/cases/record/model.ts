import type { Authorization, AuthorizationState, CaseEvent, CaseEventType } from '../../core/authorization.ts'
import type { CertificationAction } from '../../core/decision.ts'
import type { Environment } from '../../kernel/actor.ts'
import type { AuthorizationId, Id, PayerId, Random } from '../../kernel/ids.ts'
import type { Fault } from '../../kernel/result.ts'
import type { DatePeriod, Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { DataKey, Vault } from '../../platform/secrets/index.ts'

/** What was said about a case, byte for byte. */
export interface Exchange {
  readonly id: Id<'exchange'>
  readonly direction: 'inbound' | 'outbound'
  readonly format: 'json' | 'x12' | 'fhir'
  readonly at: Instant
  readonly body: Uint8Array
  /** What was noted while reading it; may be empty. */
  readonly notes: readonly Fault[]
  /** `payer`: it was said to, or by, the payer that the case was passed on to. Absent: the sender of the request. */
  readonly counterpart?: 'payer'
}

/**
 * What to look for. The member or one of the numbers is the way in: a search by none of the three finds nothing. The rest
 * narrows it.
 */
export interface CaseSearch {
  readonly payerId: PayerId
  readonly memberId?: string
  /** In any spelling: case, spaces and hyphens do not matter. */
  readonly authorizationNumber?: string
  readonly administrativeReference?: string
  /** The care overlaps these days. A case that names no days could be on any, and is found. */
  readonly period?: DatePeriod
  /**
   * The patient was admitted on these days. Of a case that names no admission the days of its care are looked at; one that
   * names no days at all could be on any, and is found.
   */
  readonly admission?: DatePeriod
  /** Received on one of these days, UTC. */
  readonly received?: DatePeriod
  /** What an answer tells of the whole case now. */
  readonly told?: ToldFilter
  /** A service line is as one of these says. None of them is empty. */
  readonly lines?: readonly LineSearch[]
  /** It was considered, and was not taken back. */
  readonly isStanding?: true
  /** Providers of these NPIs take part, each in whatever role. Never empty. */
  readonly partyNpis?: readonly string[]
  /** Cases that were made before this one. */
  readonly olderThan?: AuthorizationId
  /** The most cases to give. */
  readonly limit: number
}

/** What an answer tells now, after all that became of a case: what is cancelled is told as cancelled. */
export interface ToldFilter {
  readonly action?: CertificationAction
  /** The last word was said on one of these days, UTC. */
  readonly issued?: DatePeriod
  /** The last certified day is one of these. */
  readonly expires?: DatePeriod
  /** The certified days overlap these. */
  readonly effective?: DatePeriod
}

export interface LineSearch extends ToldFilter {
  /** The code that it asks for. */
  readonly procedure?: string
  /** Providers of these NPIs take part in its case, each in whatever role. Never empty. */
  readonly partyNpis?: readonly string[]
}

/** What to look for among a company's cases; each condition narrows. */
export interface CaseFilter {
  /** Whose cases: numbers and member ids are told apart by payer. */
  readonly payerIds: readonly PayerId[]
  /** True when `payerIds` are all there are, so that cases need not be compared with them. */
  readonly isEveryPayer: boolean
  readonly states?: readonly AuthorizationState[]
  /** These three in any spelling: case, spaces and punctuation do not matter. */
  readonly memberId?: string
  readonly authorizationNumber?: string
  readonly administrativeReference?: string
  /** As the request wrote it. */
  readonly procedureCode?: string
  readonly requesterNpi?: string
  readonly receivedFrom?: Instant
  /** Excluded. */
  readonly receivedBefore?: Instant
  /** The care overlaps these days; a case that names no days does not. */
  readonly care?: DatePeriod
  /** Cases that were received before this one. */
  readonly olderThan?: AuthorizationId
  /** The most cases to give. */
  readonly limit: number
}

/** What can be told of a case without opening anything that is sealed. */
export interface CaseSummary {
  readonly id: AuthorizationId
  readonly payerId: PayerId
  readonly state: AuthorizationState
  readonly action?: CertificationAction
  readonly purpose: string
  readonly urgency?: string
  /** From the first to the last day of care that the request names anywhere. */
  readonly care?: DatePeriod
  readonly authorizationNumber?: string
  readonly administrativeReference?: string
  readonly receivedAt: Instant
  readonly decidedAt?: Instant
  readonly dueAt?: Instant
}

/** Where a reader of all events is. */
export interface EventPlace {
  /** The transaction that wrote it, in decimal digits. */
  readonly writtenIn: string
  readonly caseId: AuthorizationId
  readonly sequence: number
}

export interface Following {
  /** Absent: from the beginning. */
  readonly after?: EventPlace
  readonly types?: readonly CaseEventType[]
  readonly limit: number
}

/** An event without what is sealed of it. */
export interface FollowedEvent extends Omit<CaseEvent, 'decided'> {
  readonly caseId: AuthorizationId
  readonly writtenIn: string
}

/** A case that asks for the same and that nobody has answered yet. */
export interface OpenDuplicate {
  readonly id: AuthorizationId
  readonly state: AuthorizationState
  readonly action?: CertificationAction
  readonly administrativeReference?: string
  readonly receivedAt: Instant
}

export interface RecordDeps {
  /** A simulated decision is kept in the sandbox alone. */
  readonly environment: Environment
  readonly vault: Pick<Vault, 'keyedHash'>
  /** The payer's data key, as `gateway/payers` hands it out. */
  readonly keyOf: (tx: Tx, payerId: PayerId) => Promise<DataKey>
  readonly random: Random
}

/**
 * Authorizations as kept. Everything happens in the transaction that is handed in, and shows each company the cases that
 * it may see and no others.
 */
export interface CaseRecord {
  /**
   * Keeps a new case, in one statement.
   *
   * @throws Error when the events do not bring the case from nothing to where it is, or nobody may decide so
   * @throws ChangePending another change of the case that it follows is waited for: nothing of the transaction can be kept
   */
  save(
    tx: Tx,
    authorization: Authorization,
    events: readonly CaseEvent[],
    exchanges: readonly Exchange[],
  ): Promise<void>
  /**
   * Keeps what a move made of a case that was locked, and what was said with it.
   *
   * @throws Error when the case is not where the move begins, or the session may not move it, or nobody may decide so
   */
  move(
    tx: Tx,
    authorization: Authorization,
    events: readonly CaseEvent[],
    exchanges: readonly Exchange[],
  ): Promise<void>
  /**
   * Keeps a decision on a case that was locked, with all that a case is found by after it.
   *
   * @throws Error when the case is not where the move begins, or the session may not decide it, or nobody may decide so
   */
  decide(
    tx: Tx,
    authorization: Authorization,
    events: readonly CaseEvent[],
    exchanges?: readonly Exchange[],
  ): Promise<void>
  /** Keeps what was said about a case that nothing was changed of. */
  say(tx: Tx, authorization: Authorization, exchanges: readonly Exchange[]): Promise<void>
  /**
   * The case as it is now, which no other transaction changes until this one ends.
   *
   * @returns undefined when there is no such case, or this session may not change it
   */
  lock(tx: Tx, id: AuthorizationId): Promise<Authorization | undefined>
  /** Undefined when there is no such case, or not for this reader. Participants come without their companies. */
  find(tx: Tx, id: AuthorizationId): Promise<Authorization | undefined>
  /** Newest first. */
  findForInquiry(tx: Tx, search: CaseSearch): Promise<readonly Authorization[]>
  /** The cases of the reader's company that fit, newest first. */
  search(tx: Tx, filter: CaseFilter): Promise<readonly CaseSummary[]>
  /** Every case under a member id, in any spelling, that the reader may see; newest first. */
  casesOfMember(tx: Tx, payerId: PayerId, memberId: string): Promise<readonly AuthorizationId[]>
  /**
   * The newest open case for the same member, codes, dates and requester; never the given one itself.
   *
   * Until this transaction ends, any other that looks for the same care waits: of two at once, the later finds the case
   * of the earlier.
   */
  findOpenDuplicate(tx: Tx, authorization: Authorization): Promise<OpenDuplicate | undefined>
  /** The cases that go on from this one and that nobody has answered yet, oldest first. */
  findOpenFollowers(tx: Tx, id: AuthorizationId): Promise<readonly Authorization[]>
  /** In order; empty when the reader may not see the case. */
  events(tx: Tx, id: AuthorizationId): Promise<readonly CaseEvent[]>
  /**
   * The events of all cases that the reader may see, in the order in which they were written, from a place on. It stops
   * below the oldest transaction that still runs, so that whoever goes on from there misses nothing.
   */
  follow(tx: Tx, from: Following): Promise<readonly FollowedEvent[]>
  /**
   * What was sent and answered, oldest first; to a company, what it sent and was answered itself. Empty when the reader
   * may not see the case.
   */
  exchanges(tx: Tx, id: AuthorizationId): Promise<readonly Exchange[]>
}

/** Another revision or extension of the same case waits for its answer, which this session may not see. */
export class ChangePending extends Error {
  constructor(cause: unknown) {
    super('another change of the case is pending', { cause })
    this.name = 'ChangePending'
  }
}
