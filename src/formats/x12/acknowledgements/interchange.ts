import type { SegmentReader } from '../reading/index.ts'
import { quote } from '../reading/index.ts'
import type { Row } from '../text/index.ts'
import { STATUSES } from './codes.ts'
import type { InterchangeAcknowledgement } from './model.ts'

/** Reads a TA1. One that is unreadable is a fault of its interchange; what stands in for it is rejection. */
export function decodeInterchangeAcknowledgement(ta1: SegmentReader): InterchangeAcknowledgement {
  const note = ta1.required(5, 'a note code of three digits')
  if (note !== '' && !/^\d{3}$/.test(note)) {
    ta1.fault(5, `expected a note code of three digits, found ${quote(note)}`)
  }
  return {
    controlNumber: ta1.required(1, 'the control number of the interchange that is answered'),
    date: ta1.required(2, 'the date of the interchange that is answered'),
    time: ta1.required(3, 'the time of the interchange that is answered'),
    status: ta1.requiredWord(4, STATUSES) ?? 'rejected',
    note,
  }
}

export function encodeInterchangeAcknowledgement(told: InterchangeAcknowledgement): Row {
  return ['TA1', told.controlNumber, told.date, told.time, STATUSES.code(told.status), told.note]
}
