/** An admission as rows, and rows as an admission again: what is in clear, and what is sealed. */
import type { Admission, AdmissionEvent, AdmissionMoved, AdmissionNotice } from '../../core/admission.ts'
import { participantsOf } from '../../core/lifecycle.ts'
import { type AdmissionId, mintId } from '../../kernel/ids.ts'
import type { Fault } from '../../kernel/result.ts'
import type { DataKey } from '../../platform/secrets/index.ts'
import { type Exchange, instantOf, momentOf, openJson, sealJson } from '../record/index.ts'
import { keysOf } from './lookup.ts'
import type { AdmissionDeps } from './model.ts'
import type { AdmissionRow, EventRow, ExchangeRow, Kept } from './store.ts'

/** Where each sealed column belongs: what was moved elsewhere does not open. */
const PLACE = {
  notice: (id: AdmissionId) => `admissions/${id}/sealed_notice`,
  body: (id: AdmissionId, exchange: string) => `admission_exchanges/${id}/sealed_body/${exchange}`,
  notes: (id: AdmissionId, exchange: string) => `admission_exchanges/${id}/sealed_notes/${exchange}`,
} as const

export function keptOf(
  { admission, events }: AdmissionMoved,
  exchanges: readonly Exchange[],
  { vault, random }: AdmissionDeps,
  key: DataKey,
): Kept {
  const participants = participantsOf(admission.notice, admission.receivedFrom)
  return {
    row: rowOf(admission, key),
    senderNpi: participants.find(({ role }) => role === 'requester')?.npi ?? null,
    parties: [...new Set(participants.flatMap(({ npi }) => npi ?? []))],
    events: events.map((event) => ({
      sequence: event.sequence,
      event_id: mintId('event', event.at, random),
      type: event.type,
      at: momentOf(event.at),
      actor: event.actor,
      facts: event.facts,
    })),
    exchanges: exchanges.map((exchange) => exchangeRow(exchange, admission.id, key)),
    keys: keysOf(vault, admission),
  }
}

function rowOf(admission: Admission, key: DataKey): AdmissionRow {
  const { event } = admission.notice
  return {
    admission_id: admission.id,
    payer_id: admission.payerId,
    received_from: admission.receivedFrom,
    door: admission.door,
    state: admission.state,
    kind: admission.kind,
    is_late: admission.isLate,
    reference_number: admission.referenceNumber,
    case_id: admission.state === 'matched' ? admission.authorizationId : null,
    admitted_on: event.admission?.from ?? null,
    discharged_on: event.dischargeDate ?? null,
    received_at: momentOf(admission.receivedAt),
    last_sequence: admission.lastSequence,
    sealed_notice: sealJson(key, admission.notice, PLACE.notice(admission.id)),
  }
}

function exchangeRow(exchange: Exchange, id: AdmissionId, key: DataKey): ExchangeRow {
  return {
    exchange_id: exchange.id,
    direction: exchange.direction,
    format: exchange.format,
    at: momentOf(exchange.at),
    sealed_body: key.seal(exchange.body, PLACE.body(id, exchange.id)),
    sealed_notes:
      exchange.notes.length === 0 ? null : sealJson(key, exchange.notes, PLACE.notes(id, exchange.id)),
  }
}

export function admissionOf(row: AdmissionRow, key: DataKey): Admission {
  const facts = {
    id: row.admission_id,
    payerId: row.payer_id,
    receivedFrom: row.received_from,
    door: row.door,
    receivedAt: instantOf(row.received_at),
    referenceNumber: row.reference_number,
    notice: openJson(key, row.sealed_notice, PLACE.notice(row.admission_id)) as AdmissionNotice,
    kind: row.kind,
    isLate: row.is_late,
    lastSequence: row.last_sequence,
  }
  const { state, case_id } = row
  if (state !== 'matched') return { ...facts, state }
  if (case_id === null) throw new Error(`admission ${row.admission_id} is matched with no case`)
  return { ...facts, state, authorizationId: case_id }
}

export function eventOf(row: EventRow): AdmissionEvent {
  return {
    sequence: row.sequence,
    type: row.type,
    at: instantOf(row.at),
    actor: row.actor,
    facts: row.facts,
  }
}

export function exchangeOf(row: ExchangeRow, id: AdmissionId, key: DataKey): Exchange {
  return {
    id: row.exchange_id,
    direction: row.direction,
    format: row.format,
    at: instantOf(row.at),
    body: key.open(row.sealed_body, PLACE.body(id, row.exchange_id)),
    notes:
      row.sealed_notes === null
        ? []
        : (openJson(key, row.sealed_notes, PLACE.notes(id, row.exchange_id)) as readonly Fault[]),
  }
}
