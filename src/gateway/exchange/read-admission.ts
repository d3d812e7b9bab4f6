import type { AdmissionEventType, AdmissionState } from '../../core/admission.ts'
import type { AdmissionId, OrganizationId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Tx } from '../../platform/database/index.ts'
import { payerOf } from '../payers/index.ts'
import type { ExchangeDeps } from './deps.ts'
import type { AdmissionReading } from './model.ts'

const ABOUT_THE_CASE: ReadonlySet<AdmissionEventType> = new Set(['admission.matched', 'admission.unmatched'])

/**
 * An admission by its id. Another company's and one that never was are told apart by nothing.
 *
 * Whether it is tied to a case is for its sender, and for whoever may see that case: to anybody else it is received,
 * whether there is one or not.
 *
 * @param reader the company that asks
 * @throws Problem `state/not-found`
 */
export async function readAdmission(
  { admissions }: ExchangeDeps,
  tx: Tx,
  id: AdmissionId,
  reader: OrganizationId,
): Promise<AdmissionReading> {
  const found = await admissions.find(tx, id)
  if (!found)
    throw new Problem(
      'state/not-found',
      'No admission of yours has this id. Take it from the answer to a notice of admission.',
    )
  const { admission, visibleCase } = found
  const isTold = admission.receivedFrom === reader || visibleCase !== undefined
  const events = await admissions.events(tx, id)
  const exchanges = await admissions.exchanges(tx, id)
  return {
    ...found,
    state: isTold ? admission.state : untold(admission.state),
    payer: await payerOf(tx, admission.payerId),
    events: isTold ? events : events.filter(({ type }) => !ABOUT_THE_CASE.has(type)),
    notes: exchanges.flatMap((exchange) => exchange.notes),
  }
}

function untold(state: AdmissionState): AdmissionState {
  return state === 'cancelled' ? 'cancelled' : 'received'
}
