import type { Rejection } from '../../core/decision.ts'
import type { LineDetermination } from '../../core/determination/index.ts'
import type { PatientEvent } from '../../core/request.ts'
import type { Instant, PlainDate } from '../../kernel/time.ts'
import type { Payer } from '../payers/index.ts'

/** "Does this need prior authorization?" Nothing in it names or describes a patient but a date of birth. */
export interface Question {
  /** The payer's id as the sender knows it. */
  readonly payerId: string
  /** Its id in the numbering of all payers, where the sender has one: it must be the same payer's. */
  readonly globalPayerId?: string
  readonly plan?: string
  readonly event: PatientEvent
  /** The patient's, who may be a dependent. */
  readonly birthDate?: PlainDate
}

/** What the rules say. `payer` is absent when nobody goes by the ids, and then there are no lines. */
export interface Determined {
  readonly at: Instant
  readonly payer?: Payer
  /** One for each line asked about, in their order; one numbered 0 for an event without lines. */
  readonly lines: readonly LineDetermination[]
  /** Why the payer does not say it, where it is asked elsewhere: then all of them are `unknown`. */
  readonly rejections?: readonly Rejection[]
  /** The payer has to be asked first; `lines` and `rejections` are what there is to say meanwhile. */
  readonly elsewhere?: {
    /** How long it may take, in ms. */
    readonly mostMs: number
    /** With no transaction open. Never throws. */
    ask(): Promise<Determined>
  }
}
