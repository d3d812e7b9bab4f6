import type { FastifyInstance } from 'fastify'
import type { AdmissionKind, AdmissionNotice, AdmissionState } from '../../../core/admission.ts'
import { readId } from '../../../kernel/ids.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Fault } from '../../../kernel/result.ts'
import type { Instant } from '../../../kernel/time.ts'
import { sessionOf } from '../../access/index.ts'
import type { AdmissionReading } from '../../exchange/index.ts'
import type { Caught } from '../guard.ts'
import type { DoorDeps } from '../model.ts'

/** An admission as `GET /v1/admissions/{id}` answers it. Moments are ISO 8601 in UTC; what is absent is left out. */
export interface AdmissionResource {
  readonly id: string
  readonly state: AdmissionState
  readonly kind: AdmissionKind
  /** Whether the notice that opened it came after the payer's window. */
  readonly isLate: boolean
  /** The number that it was acknowledged by. */
  readonly referenceNumber: string
  readonly payer: { readonly id: string; readonly name: string }
  readonly receivedAt: string
  /** The case for the same stay, where there is one that the reader may see. */
  readonly authorizationId?: string
  /** The stay as it is known now. */
  readonly notice: AdmissionNotice
  readonly events: readonly { readonly type: string; readonly at: string }[]
  /** What was tolerated while its notices were read. */
  readonly notes: readonly Fault[]
}

/** Admissions of the resource API. */
export function addAdmissions(server: FastifyInstance, deps: DoorDeps, caught: Caught): void {
  server.get<{ Params: { id: string } }>(
    '/v1/admissions/:id',
    { config: { act: 'admission.read' } },
    async (request) => {
      const caller = caught.callerOf(request)
      const id = readId('admission', request.params.id)
      if (!id)
        throw new Problem(
          'state/not-found',
          'An admission has an id such as adm_01989d5e-…; this is not one.',
        )
      const reading = await deps.database.transaction(sessionOf(caller), (tx) =>
        deps.exchange.readAdmission(tx, id, caller.organizationId),
      )
      await deps.recorder.note({
        at: deps.clock.now(),
        actor: { kind: 'client', clientId: caller.clientId, organizationId: caller.organizationId },
        act: 'admission.read',
        on: id,
        outcome: 'done',
        requestId: request.id,
      })
      return admissionResource(reading)
    },
  )
}

export function admissionResource({
  admission,
  state,
  visibleCase,
  payer,
  events,
  notes,
}: AdmissionReading): AdmissionResource {
  return {
    id: admission.id,
    state,
    kind: admission.kind,
    isLate: admission.isLate,
    referenceNumber: admission.referenceNumber,
    payer: { id: payer.wireIds[0] ?? payer.id, name: payer.name },
    receivedAt: moment(admission.receivedAt),
    ...(visibleCase ? { authorizationId: visibleCase } : {}),
    notice: admission.notice,
    events: events.map(({ type, at }) => ({ type, at: moment(at) })),
    notes,
  }
}

function moment(instant: Instant): string {
  return new Date(instant).toISOString()
}
