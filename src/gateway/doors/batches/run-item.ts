import type { RunItem } from '../../batches/index.ts'
import type { DoorDeps } from '../model.ts'
import { lineRunner } from './run-line.ts'

/** Has an item of a batch answered as the door of one request would. */
export function itemRunner(deps: DoorDeps): RunItem {
  const runLine = lineRunner(deps)
  return (item, caller) => runLine(item, caller)
}
