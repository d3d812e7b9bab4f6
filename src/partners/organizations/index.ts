export type { OrganizationsDeps } from './deps.ts'
export type {
  Membership,
  Organization,
  OrganizationType,
  Role,
} from './model.ts'
export { type Organizations, openOrganizations } from './organizations.ts'
