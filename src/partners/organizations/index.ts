export type { OrganizationsDeps } from './deps.ts'
export {
  type Membership,
  ORGANIZATION_TYPES,
  type Organization,
  type OrganizationType,
  type Role,
} from './model.ts'
export { type Organizations, openOrganizations } from './organizations.ts'
