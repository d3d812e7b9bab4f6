import { inquiryX12, PATHS, submissionJson, submissionX12 } from '../test/support/submissions.ts'

/** What is asked of a server, over and over. */
export interface Work {
  readonly name: string
  readonly title: string
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly contentType?: string
  /** How it proves itself. */
  readonly proof: 'token' | 'secret' | 'none'
  /** Who is asked, when it is not our own server. */
  readonly peer?: 'oidc-provider'
  /** Each request has another token, of more than the server remembers to have verified. */
  readonly isCold?: boolean
  /** Each submission is another one; an inquiry asks after one that was submitted. */
  readonly serials: 'fresh' | 'known' | 'none'
  readonly body: (serial: number) => string
  /** What every answer holds when all went well. */
  readonly expects: string
}

const JSON_TYPE = 'application/json'
const FORM_TYPE = 'application/x-www-form-urlencoded'
const CERTIFIED = 'HCR*A1'
const CODES = ['A0428', 'A0426', 'T1000', '0200T', '0214T', 'J9271']
const codeOf = (serial: number) => CODES[serial % CODES.length] ?? ''

export const WORK: readonly Work[] = [
  {
    name: 'submission-json',
    title: 'Submission, JSON',
    method: 'POST',
    path: PATHS.submission,
    contentType: JSON_TYPE,
    proof: 'token',
    serials: 'fresh',
    body: submissionJson,
    expects: CERTIFIED,
  },
  {
    name: 'submission-x12',
    title: 'Submission, X12',
    method: 'POST',
    path: PATHS.submissionX12,
    contentType: JSON_TYPE,
    proof: 'token',
    serials: 'fresh',
    body: submissionX12,
    expects: CERTIFIED,
  },
  {
    name: 'inquiry-json',
    title: 'Inquiry, JSON',
    method: 'POST',
    path: PATHS.inquiry,
    contentType: JSON_TYPE,
    proof: 'token',
    serials: 'known',
    body: submissionJson,
    expects: CERTIFIED,
  },
  {
    name: 'inquiry-x12',
    title: 'Inquiry, X12',
    method: 'POST',
    path: PATHS.inquiryX12,
    contentType: JSON_TYPE,
    proof: 'token',
    serials: 'known',
    body: inquiryX12,
    expects: CERTIFIED,
  },
  {
    name: 'determination',
    title: 'Determination, /v1',
    method: 'POST',
    path: '/v1/determinations',
    contentType: JSON_TYPE,
    proof: 'token',
    serials: 'fresh',
    body: (serial) => JSON.stringify({ payer: 'QFHP1', on: '2027-05-03', lines: [{ code: codeOf(serial) }] }),
    expects: '"outcome":"required"',
  },
  {
    name: 'determination-json',
    title: 'Determination, JSON and X12',
    method: 'POST',
    path: PATHS.determination,
    contentType: JSON_TYPE,
    proof: 'token',
    serials: 'fresh',
    body: submissionJson,
    expects: 'Prior authorization is required',
  },
  {
    name: 'token',
    title: 'Token, by secret',
    method: 'POST',
    path: '/oauth2/token',
    contentType: FORM_TYPE,
    proof: 'secret',
    serials: 'none',
    body: () => 'grant_type=client_credentials',
    expects: '"access_token"',
  },
  {
    name: 'token-peer',
    title: 'Peer: token, oidc-provider',
    method: 'POST',
    path: '/oauth2/token',
    contentType: FORM_TYPE,
    proof: 'secret',
    peer: 'oidc-provider',
    serials: 'none',
    body: () => 'grant_type=client_credentials',
    expects: '"access_token"',
  },
  {
    name: 'healthcheck',
    title: 'Healthcheck, by token',
    method: 'GET',
    path: PATHS.healthcheck,
    proof: 'token',
    serials: 'none',
    body: () => '',
    expects: '"OK"',
  },
  {
    name: 'healthcheck-cold',
    title: 'Healthcheck, by another token',
    method: 'GET',
    path: PATHS.healthcheck,
    proof: 'secret',
    isCold: true,
    serials: 'none',
    body: () => '',
    expects: '"OK"',
  },
]

/** The same body as a submission's, to a server that only reads it and answers as many bytes. */
export const BARE: Work = {
  name: 'bare-https',
  title: 'Peer: bare Fastify, same body',
  method: 'POST',
  path: '/',
  contentType: JSON_TYPE,
  proof: 'none',
  serials: 'fresh',
  body: submissionJson,
  expects: 'x',
}
