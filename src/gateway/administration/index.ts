export type { ClientSummary, Grant, Scope } from '../clients/index.ts'
export {
  type AdministrationDeps,
  type GatewayAdministration,
  type NewClient,
  openAdministration,
} from './administration.ts'
