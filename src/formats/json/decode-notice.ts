import { type AdmissionNotice, type Shortcoming, shortcomingsOf } from '../../core/admission.ts'
import type { Decoded } from '../../kernel/result.ts'
import { assembleRequest, decode, EVENT_AT } from './decode.ts'
import type { Draft } from './draft.ts'
import type { Findings } from './findings.ts'
import { NOTICE } from './tables/notice.ts'

/**
 * Reads a notice of admission of the compatible JSON API. Never throws; faults and notes as `decodeSubmission` has them.
 *
 * Who sends it is its `source`; a `requester`, which the published schema has in its place, is taken as well.
 *
 * @param value what `JSON.parse` gave; anything at all
 * @see reference section 2.4
 */
export function decodeNotice(value: unknown): Decoded<AdmissionNotice> {
  return decode(value, NOTICE, (draft, findings) => {
    const at = chooseSender(draft, findings)
    putCategory(draft, findings)
    const { reservation: _, ...request } = assembleRequest(draft, findings, at)
    const notice: AdmissionNotice = { ...request, event: { ...request.event, category: 'admission' } }
    for (const shortcoming of shortcomingsOf(notice)) report(shortcoming, findings)
    return notice
  })
}

function chooseSender(draft: Draft, findings: Findings): '/source' | '/requester' {
  if (!draft.wasSent('source') && draft.wasSent('requester')) return '/requester'
  if (draft.wasSent('requester')) findings.note('/requester', 'not used, as source is given')
  draft.putGroup('requester', draft.group('source', '/source'))
  return '/source'
}

/** A notice is about an admission, whatever else it calls itself. */
function putCategory(draft: Draft, findings: Findings): void {
  const event = draft.group('event', EVENT_AT)
  const sent = event.text('category')
  if (sent !== undefined && sent !== 'admission')
    findings.note(event.place('category'), 'a notice is about an admission: read as AR')
  event.put('category', 'admission')
  draft.putGroup('event', event)
}

/** Where a shortcoming is told, and how. */
const TELLINGS: Readonly<Record<Shortcoming, readonly [at: string, message: string, remedy?: string]>> = {
  'purpose-of-no-notice': [
    `${EVENT_AT}/certificationTypeCode`,
    'expected I (the stay), S (the stay as it is now) or 3 (cancel the notice): a notice asks for nothing',
  ],
  'no-number-to-cancel': [
    `${EVENT_AT}/previousAdministrativeReferenceNumber`,
    'is missing: a notice is cancelled by the number that it was acknowledged with',
  ],
  'no-admission-date': [
    `${EVENT_AT}/admissionDateBegin`,
    'is missing',
    'Give the day of admission, or previousAdministrativeReferenceNumber for a stay that was told of before.',
  ],
  'no-member': ['/subscriber', 'does not say who the member is', 'Give memberId, or lastName.'],
  'discharge-before-admission': [`${EVENT_AT}/dischargeDate`, 'is before the admission'],
}

/** What is faulted already is not faulted again for what follows from it. */
function report(shortcoming: Shortcoming, findings: Findings): void {
  const [at, message, remedy] = TELLINGS[shortcoming]
  if (!findings.blames(at)) findings.fault(at, message, remedy)
}
