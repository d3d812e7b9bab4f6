export { fromOurOwnPages, neverStored, visitorOf } from './door.ts'
export {
  type Cookies,
  type Founding,
  type Person,
  SANDBOX_TERMS_VERSION,
  type Visitor,
} from './model.ts'
export { openPeople, type People, type PeopleDeps } from './people.ts'
export type { SignedIn } from './sign-in.ts'
