/** The published test ids of the compatible API's sandbox. @see docs/reference/sandbox.md "Test ids" */
import type { Scenario } from './scenarios.ts'

export interface TestId {
  readonly id: string
  readonly scenario: Scenario
  /** What it leads to, as the documentation tells it. */
  readonly means: string
}

/** A submission is steered by its receiver: ISA08, or `umClearingHouseId`. @see reference section 3.1 */
export const SUBMISSION_TEST_IDS: readonly TestId[] = [
  { id: '278_217_01_A1', scenario: 'approve', means: 'certified in total (A1)' },
  { id: '278_217_02_A2', scenario: 'partial', means: 'certified in part (A2)' },
  { id: '278_217_03_A3', scenario: 'deny', means: 'not certified (A3)' },
  { id: '278_217_04_A4', scenario: 'pend', means: 'pended (A4)' },
  // X12 306 has A6 for it; A5 says something else.
  { id: '278_217_05_A5', scenario: 'modify', means: 'modified (A6, whatever the id says)' },
  { id: '278_217_06_C', scenario: 'cancel', means: 'cancelled (C)' },
  { id: 'AAA_217_07_73', scenario: 'reject-member', means: 'invalid or missing subscriber name (AAA 73)' },
]

/** An inquiry is steered by its receiver, ISA08 or `umClearingHouseId`, else by the payer's id. @see reference section 3.2 */
export const INQUIRY_TEST_IDS: readonly TestId[] = [
  {
    id: '000000000000001',
    scenario: 'found',
    means: 'certified in total; the patient is whoever was asked about',
  },
  {
    id: '000000000000002',
    scenario: 'found-dependent',
    means: 'certified in total; the patient is a dependent',
  },
  { id: '000000000000003', scenario: 'none-found', means: 'authorization number not found (AAA AA)' },
  { id: '000000000000004', scenario: 'unable-to-respond', means: 'payer unavailable (AAA 42)' },
]

/**
 * What every id of the tables looks like, and what no payer or company is called. One of this form that is not in the
 * tables gets the tables' own last row: unable to respond (AAA 42). `278_217_01` of the published samples is not of it.
 */
const SUBMISSION_FORM = /^(?:278_217_\d\d_[A-Z0-9]{1,2}|AAA_217_\d\d_[A-Z0-9]{2})$/i
const INQUIRY_FORM = /^0{12}\d{3}$/

/** What a test id makes of a submission; undefined for every other id. As with every id of the wire, case does not matter. */
export const submissionScenario = (id: string) => scenarioOf(id, SUBMISSION_TEST_IDS, SUBMISSION_FORM)

/** What a test id makes of an inquiry; undefined for every other id. */
export const inquiryScenario = (id: string) => scenarioOf(id, INQUIRY_TEST_IDS, INQUIRY_FORM)

/**
 * Whether an id is made for tests, whatever is sent under it: production takes none of them. Of the numbers only those of
 * the table are, as somebody may go by another.
 */
export const isTestId = (id: string): boolean =>
  SUBMISSION_FORM.test(id) || INQUIRY_TEST_IDS.some((row) => row.id === id)

function scenarioOf(id: string, table: readonly TestId[], form: RegExp): Scenario | undefined {
  if (!form.test(id)) return undefined
  const written = id.toUpperCase()
  return table.find((row) => row.id === written)?.scenario ?? 'unable-to-respond'
}
