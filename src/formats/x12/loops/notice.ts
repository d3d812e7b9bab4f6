import { type AdmissionNotice, type Shortcoming, shortcomingsOf } from '../../../core/admission.ts'
import type { ReviewRequest } from '../../../core/request.ts'
import { CATEGORIES } from '../codes/index.ts'
import { findLoop, type Loop, segmentOf } from '../grammar/walk.ts'

/** Where a shortcoming is told, and how. */
interface Telling {
  readonly loop: string
  readonly segment: string
  readonly qualifier?: string
  readonly element: number
  readonly message: string
  readonly remedy?: string
}

const TELLINGS: Readonly<Record<Shortcoming, Telling>> = {
  'purpose-of-no-notice': {
    loop: '2000E',
    segment: 'UM',
    element: 2,
    message:
      'expected I (the stay), S (the stay as it is now) or 3 (cancel the notice): a notice asks for nothing',
  },
  'no-number-to-cancel': {
    loop: '2000E',
    segment: 'UM',
    element: 2,
    message: 'a notice is cancelled by the number that it was acknowledged with, and REF*NT is missing',
  },
  'no-admission-date': {
    loop: '2000E',
    segment: 'UM',
    element: 1,
    message: 'DTP*435 (the day of admission) is missing',
    remedy: 'Send it, or REF*NT with the number of the stay that this notice is about.',
  },
  'no-member': {
    loop: '2010C',
    segment: 'NM1',
    element: 3,
    message: 'expected who the member is: a name, or the member number in NM1-09',
  },
  'discharge-before-admission': {
    loop: '2000E',
    segment: 'DTP',
    qualifier: '096',
    element: 3,
    message: 'the discharge is before the admission (DTP*435)',
  },
}

/**
 * Takes a tree as a notice of admission, and says what it needs as one. It is about an admission whatever UM01 says.
 *
 * @see 005010X216 loop 2000E UM01 (AR), UM02, DTP*435 and DTP*096
 */
export function asNotice(request: ReviewRequest, tree: Loop): AdmissionNotice {
  const { category } = request.event
  const um = segmentOf(findLoop(tree, '2000E'), 'UM')
  if (category !== 'admission') {
    um?.note(1, `expected AR (admission), found ${CATEGORIES.code(category)}; read as AR`)
  }
  const { reservation: _, ...rest } = request
  const notice: AdmissionNotice = { ...rest, event: { ...request.event, category: 'admission' } }
  for (const shortcoming of shortcomingsOf(notice)) report(shortcoming, tree)
  return notice
}

function report(shortcoming: Shortcoming, tree: Loop): void {
  const { loop, segment, qualifier, element, message, remedy } = TELLINGS[shortcoming]
  const found = segmentOf(findLoop(tree, loop), segment, qualifier)
  // A loop or a segment that must be there and is not was reported already.
  found?.fault(element, message, remedy)
}
