import type { Connector } from './model.ts'

/** Payers that are asked over FHIR: the place of that connector, which is not built. To whoever asks it is an outage. */
export const fhirConnector: Connector = {
  prepare: async () => ({ as: 'outage', why: 'not-built' }),
  send: async () => ({ as: 'failed', why: 'not-built', reached: 'no' }),
}
