import { readFileSync } from 'node:fs'
import { Refused, type Surroundings } from './command.ts'
import { caFileOf, createCredential, type FreshCredential } from './credential.ts'
import { basic, call, FORM_BODY, type Reply } from './https.ts'
import { askOperator } from './operator.ts'

/** What a call to the gateway needs. */
export interface GatewayAccess {
  readonly ca: string | undefined
  readonly baseUrl: string
  readonly token: string
}

/**
 * A token: by the credential in the environment variables; else, where a server runs here, by one that is made for this
 * call alone, in the sandbox.
 *
 * @param say told when a credential is made
 * @throws Refused when there is neither, or no token is given for it
 */
export async function openSession(
  surroundings: Surroundings,
  say: (text: string) => void,
): Promise<GatewayAccess> {
  const { environment, dataDirectory } = surroundings
  const ca = readCa(environment.COUNTERSIGN_CA_FILE ?? caFileOf(dataDirectory))
  const [clientId, clientSecret] = [environment.COUNTERSIGN_CLIENT_ID, environment.COUNTERSIGN_CLIENT_SECRET]
  const [tokenUrl, baseUrl] = [environment.COUNTERSIGN_TOKEN_URL, environment.COUNTERSIGN_BASE_URL]
  if (clientId && clientSecret && tokenUrl && baseUrl)
    return { ca, baseUrl, token: await tokenOf({ clientId, clientSecret, tokenUrl }, ca) }
  if (clientId)
    throw new Refused(
      'COUNTERSIGN_CLIENT_ID is set, and not all of COUNTERSIGN_CLIENT_SECRET, COUNTERSIGN_TOKEN_URL and COUNTERSIGN_BASE_URL. Set them, or unset it.',
    )
  const made = await credentialForOneCall(dataDirectory)
  say('No COUNTERSIGN_CLIENT_ID in the environment: a sandbox credential was made for this call.\n')
  return { ca, baseUrl: made.baseUrl, token: await tokenOf(made, ca) }
}

const COMPANY = 'Command line'

async function credentialForOneCall(dataDirectory: string): Promise<FreshCredential> {
  const { organizations } = await askOperator<{ organizations: readonly { id: string; name: string }[] }>(
    dataDirectory,
    'GET',
    '/operator/organizations',
  )
  const known = organizations.find(({ name }) => name === COMPANY)
  const { id } =
    known ??
    (await askOperator<{ id: string }>(dataDirectory, 'POST', '/operator/organizations', { name: COMPANY }))
  return createCredential(dataDirectory, { organization: id, environment: 'sandbox', label: 'One call' })
}

/** @throws Refused when the token endpoint does not give one */
export async function tokenOf(
  { clientId, clientSecret, tokenUrl }: Pick<FreshCredential, 'clientId' | 'clientSecret' | 'tokenUrl'>,
  ca: string | undefined,
): Promise<string> {
  const reply = await requestToken(tokenUrl, clientId, clientSecret, ca)
  const answer = JSON.parse(reply.text) as {
    access_token?: string
    error?: string
    error_description?: string
  }
  if (answer.access_token === undefined)
    throw new Refused(`No token: ${answer.error ?? reply.status}. ${answer.error_description ?? ''}`.trim())
  return answer.access_token
}

export function requestToken(
  tokenUrl: string,
  clientId: string,
  clientSecret: string,
  ca: string | undefined,
): Promise<Reply> {
  const headers = { ...FORM_BODY, ...basic(clientId, clientSecret) }
  return call(tokenUrl, ca, { headers, body: 'grant_type=client_credentials' })
}

export function readCa(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8')
}
