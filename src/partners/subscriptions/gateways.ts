import type { GatewayAdministration } from '../../gateway/administration/index.ts'
import type { Environment } from '../../kernel/actor.ts'

/** The administration of each environment: all that the control plane knows of a gateway. */
export type Gateways = Readonly<Record<Environment, GatewayAdministration>>
