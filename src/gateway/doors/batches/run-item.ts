import type { RunItem } from '../../batches/index.ts'
import type { DoorDeps } from '../model.ts'
import { interchangeRunner } from './run-interchange.ts'
import { lineRunner } from './run-line.ts'

/** Has an item of a batch answered as the door of one request would. */
export function itemRunner(deps: DoorDeps): RunItem {
  const runners = { ndjson: lineRunner(deps), x12: interchangeRunner(deps) }
  return async (item, caller) => runners[item.format](item, caller)
}
