import type { Inquiry } from '../../core/request.ts'
import type { Decoded, Fault } from '../../kernel/result.ts'
import { decodeInquiry } from './decode.ts'

/** Who the plan is, which an inquiry has no place for: beside the inquiry, and beside an interchange. */
export interface PlanNamed {
  readonly globalPayerId?: string
  readonly plan?: string
}

/** What a determination and an orchestration ask with. */
export interface DeterminationRequest extends Inquiry, PlanNamed {}

/**
 * Reads a determination or an orchestration of the compatible JSON API: an inquiry, and who the plan is. `rhPayerId` stands
 * in for a `payerId` that is not there. Never throws.
 *
 * @see reference section 2.5
 */
export function decodeDetermination(value: unknown): Decoded<DeterminationRequest> {
  if (!isObject(value)) return decodeInquiry(value)
  const { rhPayerId, planId, ...rest } = value
  const named = decodePlan({ rhPayerId, planId })
  const globalPayerId = named.ok ? named.value.globalPayerId : undefined
  const inquiry = decodeInquiry(
    hasText(rest.payerId) || globalPayerId === undefined ? rest : { ...rest, payerId: globalPayerId },
  )
  if (!named.ok || !inquiry.ok)
    return { ok: false, faults: [...(named.ok ? [] : named.faults), ...(inquiry.ok ? [] : inquiry.faults)] }
  return { ok: true, value: { ...inquiry.value, ...named.value }, notes: [...inquiry.notes, ...named.notes] }
}

/**
 * Reads `rhPayerId` and `planId`. A number is taken for either, as the published samples have one.
 *
 * @param value an object; its other members are not looked at
 */
export function decodePlan(value: {
  readonly rhPayerId?: unknown
  readonly planId?: unknown
}): Decoded<PlanNamed> {
  const faults: Fault[] = []
  const globalPayerId = readName(value.rhPayerId, '/rhPayerId', faults)
  const plan = readName(value.planId, '/planId', faults)
  if (faults.length > 0) return { ok: false, faults }
  return {
    ok: true,
    value: { ...(globalPayerId !== undefined && { globalPayerId }), ...(plan !== undefined && { plan }) },
    notes: [],
  }
}

const LONGEST_NAME = 80

/** @returns undefined when there is none; an empty one, or null, is none */
function readName(value: unknown, at: string, faults: Fault[]): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
  if (typeof text === 'string' && /^[\x20-\x7e]+$/.test(text) && text.trim().length <= LONGEST_NAME)
    return text.trim() || undefined
  faults.push({
    at,
    message: `expected a text of at most ${LONGEST_NAME} characters of ASCII, or a whole number`,
  })
  return undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasText(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}
