import type { AdmissionNotice } from '../../../core/admission.ts'
import type { Inquiry, ReviewRequest } from '../../../core/request.ts'
import { type DeterminationRequest, decodePlan } from '../../../formats/json/index.ts'
import { decodeRequest, type Envelope } from '../../../formats/x12/index.ts'
import type { Decoded } from '../../../kernel/result.ts'

/** A request that came as an interchange, with its envelope's own facts. */
export interface AskedInX12<Asked> {
  readonly asked: Asked
  readonly envelope: Envelope
  /** The interchange as received. */
  readonly text: string
}

/** `{"x12": "ISA…IEA~"}` with a 005010X217 in it. */
export function readSubmissionX12(body: unknown): Decoded<AskedInX12<ReviewRequest>> {
  const text = interchangeOf(body)
  if (!text.ok) return text
  const decoded = decodeRequest(text.value)
  if (!decoded.ok) return decoded
  const { value, notes } = decoded
  if (value.guide !== '217') return otherGuide('217', value.guide)
  return { ok: true, value: { asked: value.request, envelope: value.envelope, text: text.value }, notes }
}

/** `{"x12": "ISA…IEA~"}` with a 005010X215 in it. */
export function readInquiryX12(body: unknown): Decoded<AskedInX12<Inquiry>> {
  const text = interchangeOf(body)
  if (!text.ok) return text
  const decoded = decodeRequest(text.value)
  if (!decoded.ok) return decoded
  const { value, notes } = decoded
  if (value.guide !== '215') return otherGuide('215', value.guide)
  return { ok: true, value: { asked: value.inquiry, envelope: value.envelope, text: text.value }, notes }
}

/** `{"rhPayerId": …, "planId": …, "x12": "ISA…IEA~"}` with a 005010X215 in it. */
export function readDeterminationX12(body: unknown): Decoded<AskedInX12<DeterminationRequest>> {
  const inquiry = readInquiryX12(body)
  const named = decodePlan(typeof body === 'object' && body !== null ? body : {})
  if (!inquiry.ok || !named.ok)
    return { ok: false, faults: [...(named.ok ? [] : named.faults), ...(inquiry.ok ? [] : inquiry.faults)] }
  const { asked, ...rest } = inquiry.value
  return {
    ok: true,
    value: { ...rest, asked: { ...asked, ...named.value } },
    notes: [...inquiry.notes, ...named.notes],
  }
}

/** `{"x12": "ISA…IEA~"}` with a 005010X216 in it. */
export function readNoticeX12(body: unknown): Decoded<AskedInX12<AdmissionNotice>> {
  const text = interchangeOf(body)
  if (!text.ok) return text
  const decoded = decodeRequest(text.value)
  if (!decoded.ok) return decoded
  const { value, notes } = decoded
  if (value.guide !== '216') return otherGuide('216', value.guide)
  return { ok: true, value: { asked: value.notice, envelope: value.envelope, text: text.value }, notes }
}

function interchangeOf(body: unknown): Decoded<string> {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body)
  const x12: unknown = isObject && Object.hasOwn(body, 'x12') ? (body as { x12: unknown }).x12 : undefined
  if (typeof x12 === 'string' && x12 !== '') return { ok: true, value: x12, notes: [] }
  const found =
    x12 === undefined ? 'nothing' : x12 === '' ? 'an empty string' : `a value of type ${typeof x12}`
  return {
    ok: false,
    faults: [
      {
        at: '/x12',
        message: `expected one interchange, ISA to IEA, as a string; found ${found}`,
        remedy: 'Send an object whose field x12 holds the interchange.',
      },
    ],
  }
}

const PATHS = { '217': 'submission/x12', '215': 'inquiry/x12', '216': 'noa/x12' } as const

function otherGuide(expected: keyof typeof PATHS, found: keyof typeof PATHS): Decoded<never> {
  return {
    ok: false,
    faults: [
      {
        at: 'ST-03',
        message: `expected 005010X${expected}, found 005010X${found}`,
        remedy: `Send it to ${PATHS[found]} instead.`,
      },
    ],
  }
}
