import { ACTION_CODES } from '../../../core/action-codes.ts'
import { codeTable } from './code-table.ts'

/** What was decided, as an answer spells it (HCR01). */
export const ACTIONS = codeTable(ACTION_CODES)
