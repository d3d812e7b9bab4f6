import type { Adjudication } from '../../utilization/adjudication/index.ts'
import type { Connector } from './model.ts'

/** Payers that are decided here: by their rules and policies, in the caller's own transaction. */
export function localConnector({ adjudicate }: Adjudication): Connector {
  return {
    prepare: async (tx, payer, task, at) =>
      task.operation === 'submission'
        ? { as: 'decided', decided: await adjudicate(tx, payer, task.request, at) }
        : { as: 'here' },
    send: async () => ({ as: 'failed', why: 'not-set-up', reached: 'no' }),
  }
}
