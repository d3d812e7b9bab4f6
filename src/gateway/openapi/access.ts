/** What is asked and answered about tokens, keys and the service itself. */
import type { JsonSchema } from '../../formats/json/index.ts'
import { closed, list, string } from './schemas.ts'

const ISSUED = {
  access_token: string('Sent with each call, as `Authorization: Bearer …`.'),
  token_type: string('`Bearer`, in whatever case.'),
  expires_in: { type: 'integer', minimum: 1, description: 'Seconds.' },
  scope: string('What it allows, parted by blanks.'),
}
const CREDENTIALS = {
  client_id: string('The id of the client.'),
  client_secret: string('Its secret.'),
}
const GRANT_TYPE = {
  type: 'string',
  enum: ['client_credentials'],
  description: 'No other grant exists here.',
}
const SCOPE = string('What it is to allow, parted by blanks; absent: everything that the client may.')
const ASSERTION = {
  client_assertion_type: string('`urn:ietf:params:oauth:client-assertion-type:jwt-bearer` (RFC 7523).'),
  client_assertion: string('A signed assertion, in place of a secret.'),
}
const TOKEN = string('An access token.')
const HINT = string('Not looked at (RFC 7009 section 2.1).')

/** Forms and bodies hold what they hold; a member that is not known is refused or passed over, as each door has it. */
function open(description: string, properties: JsonSchema, ...required: readonly string[]): JsonSchema {
  return { type: 'object', description, properties, ...(required.length > 0 ? { required } : {}) }
}

export const ACCESS_SCHEMAS: Readonly<Record<string, JsonSchema>> = {
  TokenRequest: open(
    'Credentials stand here, or in an Authorization header of the scheme Basic.',
    { grant_type: GRANT_TYPE, scope: SCOPE, ...CREDENTIALS, ...ASSERTION },
    'grant_type',
  ),
  TokenRequestApip: open(
    'As existing clients ask.',
    { grant_type: GRANT_TYPE, scope: SCOPE, ...CREDENTIALS },
    'grant_type',
    'client_id',
    'client_secret',
  ),
  TokenQuestion: open(
    'Credentials stand here, or in an Authorization header of the scheme Basic.',
    { token: TOKEN, token_type_hint: HINT, ...CREDENTIALS, ...ASSERTION },
    'token',
  ),
  Token: closed('An access token (RFC 6749 section 5.1).', ISSUED),
  TokenApipSntl: closed('An access token, in the shape that existing clients know.', {
    ...ISSUED,
    refresh_expires_in: { type: 'integer', description: '0: there is no refresh token.' },
    'not-before-policy': { type: 'integer', description: '0.' },
  }),
  OAuthError: closed(
    'RFC 6749 section 5.2.',
    {
      error: string('Such as `invalid_client`.'),
      error_description: string('What happened and what to do.'),
    },
    'error_description',
  ),
  ApipSntlError: closed('As existing clients know it.', {
    status: string('The HTTP status, as text.'),
    failureReason: string('Such as `InvalidClient`.'),
    Errors: list(string('A sentence.'), 'What is wrong.'),
  }),
  Introspection: closed(
    'How a token stands (RFC 7662 section 2.2); of one that is not active nothing more is said.',
    {
      active: { type: 'boolean', description: 'Whether it would be let in.' },
      scope: string('What it allows now.'),
      client_id: string('Whose it is.'),
      token_type: string('`Bearer`.'),
      exp: { type: 'integer', description: 'When it ends, in seconds since 1970.' },
      iat: { type: 'integer', description: 'When it was given.' },
      sub: string('As `client_id`.'),
      aud: string('Where it is good.'),
      iss: string('Who gave it.'),
      jti: string('Its own id.'),
      org: string('The company.'),
      env: { type: 'string', enum: ['sandbox', 'production'], description: 'The environment.' },
    },
    ...['scope', 'client_id', 'token_type', 'exp', 'iat', 'sub', 'aud', 'iss', 'jti', 'org', 'env'],
  ),
  KeySet: closed('A JWK Set (RFC 7517 section 5).', {
    keys: list(
      open(
        'A public key.',
        { kty: string('Its type.'), kid: string('Its id.'), alg: string('Its algorithm.') },
        'kty',
        'kid',
      ),
      'Those that sign now, that will, and that did a short time ago.',
    ),
  }),
  AuthorizationServer: open(
    'RFC 8414 section 2.',
    {
      issuer: string('Who gives tokens.'),
      token_endpoint: string('Where they are given.'),
      jwks_uri: string('The keys that they are signed with.'),
      scopes_supported: list(string('A scope.'), 'What tokens can allow.'),
    },
    'issuer',
    'token_endpoint',
    'jwks_uri',
    'scopes_supported',
  ),
  ProtectedResource: open(
    'RFC 9728 section 2.',
    {
      resource: string('This API.'),
      authorization_servers: list(string('An issuer.'), 'Who gives tokens for it.'),
      scopes_supported: list(string('A scope.'), 'What tokens can allow.'),
    },
    'resource',
    'authorization_servers',
  ),
  SmartConfiguration: open(
    'SMART App Launch 2.2.',
    {
      token_endpoint: string('Where tokens are given.'),
      jwks_uri: string('The keys that they are signed with.'),
    },
    'token_endpoint',
    'jwks_uri',
  ),
  Alive: closed('That the process runs.', {
    status: { type: 'string', enum: ['alive'], description: 'It does.' },
  }),
  Ready: closed('That it can serve.', {
    status: { type: 'string', enum: ['ready'], description: 'It can.' },
  }),
  NotReady: closed('That it cannot serve.', {
    status: { type: 'string', enum: ['not-ready'], description: 'It cannot.' },
    waitingFor: list(string('A part, such as `database`.'), 'What it waits for.'),
  }),
  Health: closed('That the compatible API serves.', {
    status: string('`OK`.'),
    version: string('The version of this software.'),
  }),
  Received: closed('That a report was received, whatever it held.', {
    received: { type: 'boolean', description: 'Always true.' },
  }),
}
