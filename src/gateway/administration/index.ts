export type { ClientSummary, Grant, GrantedProvider, Scope } from '../clients/index.ts'
export {
  type AdministrationDeps,
  type GatewayAdministration,
  type NewClient,
  openAdministration,
} from './administration.ts'
