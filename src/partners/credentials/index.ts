export { type Credentials, openCredentials } from './credentials.ts'
export type { CredentialsDeps } from './deps.ts'
export type { Credential, FreshCredential, FreshSecret, Requester } from './model.ts'
