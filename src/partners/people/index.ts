export { fromOurOwnPages, neverStored, requireSignedIn, visitorOf } from './door.ts'
export type {
  Cookies,
  Founding,
  Person,
  Visitor,
} from './model.ts'
export { openPeople, type People, type PeopleDeps } from './people.ts'
export type { Proof } from './prove.ts'
export type { SignedIn } from './sign-in.ts'
