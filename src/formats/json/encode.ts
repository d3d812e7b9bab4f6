import type { AdmissionNotice } from '../../core/admission.ts'
import type { DecisionFilter, Inquiry, ReviewRequest } from '../../core/request.ts'
import { INQUIRY } from './tables/inquiry.ts'
import { NOTICE } from './tables/notice.ts'
import { SUBMISSION } from './tables/submission.ts'
import { viewPeriod, viewRequest } from './view.ts'
import { type WireObject, writeObject } from './write.ts'

/**
 * Writes a submission of the compatible JSON API: the inverse of `decodeSubmission`, for whatever the format can say.
 * What it cannot say (see the README) is left out. Never throws.
 *
 * @see reference section 2.3
 */
export function encodeSubmission(request: ReviewRequest): WireObject {
  return writeObject(viewRequest(request), SUBMISSION)
}

/**
 * Writes an inquiry of the compatible JSON API: the inverse of `decodeInquiry`, in the same sense.
 *
 * @see reference section 2.2
 */
export function encodeInquiry(inquiry: Inquiry): WireObject {
  const { filter } = inquiry
  const view = viewRequest(inquiry)
  return writeObject(
    {
      ...view,
      event: {
        ...view.event,
        filter: { ...viewFilter(filter), requestedOn: filter.requestedOn },
        lines: view.event.lines.map((line) => ({
          ...line,
          filter: viewFilter(filter.lines?.find((narrowing) => narrowing.line === line.number) ?? {}),
        })),
      },
    },
    INQUIRY,
  )
}

function viewFilter({ action, issued, expires, effective }: DecisionFilter) {
  return {
    action,
    issued: viewPeriod(issued),
    expires: viewPeriod(expires),
    effective: viewPeriod(effective),
  }
}

/**
 * Writes a notice of admission of the compatible JSON API: the inverse of `decodeNotice`, in the same sense.
 *
 * @see reference section 2.4
 */
export function encodeNotice(notice: AdmissionNotice): WireObject {
  const { requester, ...view } = viewRequest(notice)
  return writeObject({ ...view, source: requester }, NOTICE)
}
