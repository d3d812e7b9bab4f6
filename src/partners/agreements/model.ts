import type { Instant } from '../../kernel/time.ts'
import type { OrganizationType } from '../organizations/index.ts'

/** What can be agreed. `self-service` stands alone; the others are parts of a contract. */
export const AGREEMENT_KINDS = [
  'services',
  'trading-partner',
  'business-associate',
  'subcontractor',
  'vendor-authority',
  'self-service',
] as const
export type AgreementKind = (typeof AGREEMENT_KINDS)[number]

export interface Clause {
  readonly heading: string
  /** One paragraph; placeholders are written `{{partner}}`. */
  readonly text: string
}

/** A version of what is agreed. A published one is never changed. */
export interface Template {
  readonly kind: AgreementKind
  readonly version: number
  readonly title: string
  /** In order; never empty. */
  readonly clauses: readonly Clause[]
  readonly publishedAt: Instant
}

/** What the operator is to those who call: it decides which agreements are due. */
export type OperatorKind = 'health-plan' | 'clearinghouse' | 'vendor'

/** The operator, as contracts name it. */
export interface OperatorParty {
  /** Its legal name. */
  readonly name: string
  readonly kind: OperatorKind
}

/**
 * The parts of a contract, in order: for the kind of operator, and of partner.
 *
 * A provider is a covered entity, and so is a health plan: between the two neither acts for the other. Whoever works for
 * providers is their business associate, and an operator who works for it is its subcontractor.
 *
 * @see 45 CFR 160.103 "business associate"; 45 CFR 164.504(e)
 */
export function packFor(operator: OperatorKind, partner: OrganizationType): readonly AgreementKind[] {
  const always: readonly AgreementKind[] = ['services', 'trading-partner']
  const actsForProviders = partner === 'ehr' || partner === 'rcm' || partner === 'clearinghouse'
  const authority: readonly AgreementKind[] = actsForProviders ? ['vendor-authority'] : []
  if (operator === 'health-plan') return [...always, ...authority]
  return [...always, actsForProviders ? 'subcontractor' : 'business-associate', ...authority]
}
