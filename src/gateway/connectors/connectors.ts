import type { Adjudication } from '../../utilization/adjudication/index.ts'
import type { Payer, PayerOperation, Way } from '../payers/index.ts'
import { fhirConnector } from './fhir.ts'
import { localConnector } from './local.ts'
import type { Connector } from './model.ts'
import { type X12ConnectorDeps, x12Connector } from './x12.ts'

/** Who decides for a payer. */
export interface Connectors {
  /** The one that a payer is asked by, for an operation. */
  for(payer: Payer, operation: PayerOperation): Connector
}

/** One line for each way. */
export function openConnectors(deps: X12ConnectorDeps & { readonly adjudication: Adjudication }): Connectors {
  const local = localConnector(deps.adjudication)
  const byWay: Readonly<Record<Way, Connector>> = {
    local,
    x12: x12Connector(deps),
    fhir: fhirConnector,
    // Callers are told that it is not to be asked here; whoever asks all the same is answered by what there is.
    none: local,
  }
  return { for: (payer, operation) => byWay[payer.ways?.[operation] ?? 'local'] }
}
