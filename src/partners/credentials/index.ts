export { type Credentials, openCredentials } from './credentials.ts'
export type { CredentialsDeps } from './deps.ts'
export type { Credential, FreshCredential, Requester } from './model.ts'
