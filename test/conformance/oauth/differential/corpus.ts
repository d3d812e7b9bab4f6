import { createHmac, createPublicKey, randomUUID, sign as signBytes } from 'node:crypto'
import { ASSERTION_TYPE, sign, type TestKey } from '../../../support/assertions.ts'

/** What the requests are made of: two clients that both sides know alike, and what both call the token service. */
export interface Party {
  readonly clientId: string
  readonly clientSecret: string
  readonly keyClientId: string
  readonly key: TestKey
  readonly foreignKey: TestKey
  /** The issuer, which both sides accept as the audience of an assertion. */
  readonly issuer: string
  readonly nowSeconds: number
}

export interface TokenRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body: string | Buffer
}

/** A request, or several in a row of which the last is judged. */
export type Case = (party: Party) => Promise<TokenRequest | readonly TokenRequest[]> | TokenRequest

const PATH = '/oauth2/token'
const FORM = 'application/x-www-form-urlencoded'
const GRANT = { grant_type: 'client_credentials' }

type Parameters = Readonly<Record<string, string>>
const encode = (parameters: Parameters) => new URLSearchParams(parameters).toString()
const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64')
const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')

function post(
  body: string | Buffer,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): TokenRequest {
  return { method: 'POST', path: PATH, headers: { 'content-type': FORM, ...headers }, body }
}

/** The client in the body. */
const inBody = (p: Party, parameters: Parameters = {}) =>
  encode({ ...GRANT, client_id: p.clientId, client_secret: p.clientSecret, ...parameters })
const byPost =
  (parameters: Parameters | ((p: Party) => Parameters) = {}): Case =>
  (p) =>
    post(inBody(p, typeof parameters === 'function' ? parameters(p) : parameters))
/** The right client in the body, and more text after it. */
const byPostWith =
  (more: string): Case =>
  (p) =>
    post(`${inBody(p)}&${more}`)

const basic = (id: string, secret: string, scheme = 'Basic') => `${scheme} ${base64(`${id}:${secret}`)}`
/** The client in the header. */
const byBasic =
  (parameters: Parameters | ((p: Party) => Parameters) = {}, scheme = 'Basic'): Case =>
  (p) =>
    post(encode({ ...GRANT, ...(typeof parameters === 'function' ? parameters(p) : parameters) }), {
      authorization: basic(p.clientId, p.clientSecret, scheme),
    })
/** Whatever is in the header. */
const byHeader =
  (header: (p: Party) => string | readonly string[], parameters: Parameters = GRANT): Case =>
  (p) =>
    post(encode(parameters), { authorization: header(p) })

const without = (parameters: Parameters, name: string) =>
  Object.fromEntries(Object.entries(parameters).filter(([each]) => each !== name))

const BY_SECRET: Readonly<Record<string, Case>> = {
  'right: Basic': byBasic(),
  'right: in the body': byPost(),
  'right: Basic, and the same client_id in the body': byBasic((p) => ({ client_id: p.clientId })),
  'right: Basic, every character percent-encoded': byHeader((p) =>
    basic(percent(p.clientId), percent(p.clientSecret)),
  ),
  'right: in the body, every character percent-encoded': (p) =>
    post(
      `grant_type=client_credentials&client_id=${percent(p.clientId)}&client_secret=${percent(p.clientSecret)}`,
    ),
  'right: one scope': byPost({ scope: 'pa:read' }),
  'right: all scopes': byPost({ scope: 'pa:submit pa:inquire pa:read' }),
  'right: an empty scope': byPost({ scope: '' }),
  'right: the same scope twice in one parameter': byPost({ scope: 'pa:read pa:read' }),
  'right: a parameter that nobody knows': byPost({ favourite_colour: 'blue' }),
  'right: the media type with a charset': (p) =>
    post(inBody(p), { 'content-type': `${FORM}; charset=utf-8` }),
  'right: the media type in capitals': (p) => post(inBody(p), { 'content-type': FORM.toUpperCase() }),
  'scheme: basic': byBasic({}, 'basic'),
  'scheme: BASIC': byBasic({}, 'BASIC'),
  'scheme: bAsIc': byBasic({}, 'bAsIc'),
  'scheme: Bearer': byBasic({}, 'Bearer'),
  'scheme: Bearer, the client in the body': (p) => post(inBody(p), { authorization: 'Bearer abc' }),
  'scheme: Negotiate': byBasic({}, 'Negotiate'),
  'scheme: none, the credentials alone': byHeader((p) => base64(`${p.clientId}:${p.clientSecret}`)),
  'scheme: two blanks after Basic': byHeader((p) =>
    basic(p.clientId, p.clientSecret).replace('Basic ', 'Basic  '),
  ),
  'scheme: a tabulator after Basic': byHeader((p) =>
    basic(p.clientId, p.clientSecret).replace('Basic ', 'Basic\t'),
  ),
  'Basic: nothing after it': byHeader(() => 'Basic'),
  'Basic: no base64': byHeader(() => 'Basic !!!'),
  'Basic: base64url': byHeader((p) => `Basic ${Buffer.from(`${p.clientId}:???>>>`).toString('base64url')}`),
  'Basic: padding left out': byHeader((p) => basic(p.clientId, p.clientSecret).replaceAll('=', '')),
  'Basic: more padding than belongs there': byHeader(
    (p) => `${basic(p.clientId, p.clientSecret).replaceAll('=', '')}==`,
  ),
  'Basic: something after the padding': byHeader((p) => `${basic(p.clientId, p.clientSecret)} x`),
  'Basic: no colon': byHeader(() => `Basic ${base64('no colon')}`),
  'Basic: an empty pair': byHeader(() => `Basic ${base64(':')}`),
  'Basic: an empty id': byHeader((p) => basic('', p.clientSecret)),
  'Basic: an empty secret': byHeader((p) => basic(p.clientId, '')),
  'Basic: a wrong secret': byHeader((p) => basic(p.clientId, 'wrong')),
  'Basic: a secret one character short': byHeader((p) => basic(p.clientId, p.clientSecret.slice(0, -1))),
  'Basic: a secret and a character more': byHeader((p) => basic(p.clientId, `${p.clientSecret}0`)),
  'Basic: a secret and a colon more': byHeader((p) => basic(p.clientId, `${p.clientSecret}:`)),
  'Basic: a secret in other case': byHeader((p) => basic(p.clientId, p.clientSecret.toUpperCase())),
  'Basic: an unknown client': byHeader((p) => basic(unknown(p), p.clientSecret)),
  'Basic: a client_id in capitals': byHeader((p) => basic(p.clientId.toUpperCase(), p.clientSecret)),
  'Basic: a blank around the secret': byHeader((p) => basic(p.clientId, ` ${p.clientSecret} `)),
  'Basic: a plus sign for a blank in the secret': byHeader((p) => basic(p.clientId, `${p.clientSecret}+`)),
  'Basic: invalid percent-encoding in the id': byHeader((p) => basic(`${p.clientId}%zz`, p.clientSecret)),
  'Basic: invalid percent-encoding in the secret': byHeader((p) => basic(p.clientId, `${p.clientSecret}%`)),
  'Basic: overlong UTF-8': byHeader((p) => basic(p.clientId, '%c0%af')),
  'Basic: bytes that are no UTF-8': byHeader(
    () => `Basic ${Buffer.from([0xff, 0x3a, 0xfe]).toString('base64')}`,
  ),
  'Basic: NUL in the id': byHeader((p) => basic(`${p.clientId}\0`, p.clientSecret)),
  'Basic: NUL after the secret': byHeader((p) => basic(p.clientId, `${p.clientSecret}\0`)),
  'Basic: an encoded NUL after the secret': byHeader((p) => basic(p.clientId, `${p.clientSecret}%00`)),
  'Basic: a line feed after the secret': byHeader((p) => basic(p.clientId, `${p.clientSecret}\n`)),
  'Basic: a lone surrogate, encoded': byHeader((p) => basic('%ed%a0%80', p.clientSecret)),
  'Basic: SQL in the id': byHeader((p) => basic("' or 1=1 --", p.clientSecret)),
  'Basic: an id of 8,000 characters': byHeader((p) => basic('x'.repeat(6000), p.clientSecret)),
  'Basic: a header of 40,000 characters': byHeader((p) => basic('x'.repeat(30_000), p.clientSecret)),
  'Basic: the header twice, the first one right': byHeader((p) => [
    basic(p.clientId, p.clientSecret),
    basic(p.clientId, 'wrong'),
  ]),
  'Basic: the header twice, the second one right': byHeader((p) => [
    basic(p.clientId, 'wrong'),
    basic(p.clientId, p.clientSecret),
  ]),
  'Basic: an empty header, the client in the body': (p) => post(inBody(p), { authorization: '' }),
  'both: header and body alike': (p) => post(inBody(p), { authorization: basic(p.clientId, p.clientSecret) }),
  'both: the header right, the body wrong': (p) =>
    post(inBody(p, { client_secret: 'wrong' }), { authorization: basic(p.clientId, p.clientSecret) }),
  'both: the header wrong, the body right': (p) =>
    post(inBody(p), { authorization: basic(p.clientId, 'wrong') }),
  'both: the header right, an empty secret in the body': byBasic((p) => ({
    client_id: p.clientId,
    client_secret: '',
  })),
  'both: header and body name two clients': byBasic((p) => ({ client_id: p.keyClientId })),
  'both: Basic, and an empty client_id in the body': byBasic({ client_id: '' }),
  'body: a wrong secret': byPost({ client_secret: 'wrong' }),
  'body: an empty secret': byPost({ client_secret: '' }),
  'body: no secret': (p) => post(encode({ ...GRANT, client_id: p.clientId })),
  'body: no client_id': (p) => post(encode({ ...GRANT, client_secret: p.clientSecret })),
  'body: an empty client_id': byPost({ client_id: '' }),
  'body: an unknown client': byPost((p) => ({ client_id: unknown(p) })),
  'body: a client of keys, with a secret': byPost((p) => ({ client_id: p.keyClientId })),
  'body: a client of keys, with nothing': (p) => post(encode({ ...GRANT, client_id: p.keyClientId })),
  'body: NUL after the secret': byPost((p) => ({ client_secret: `${p.clientSecret}\0` })),
  'body: NUL after the client_id': byPost((p) => ({ client_id: `${p.clientId}\0` })),
  'body: control characters around the secret': byPost((p) => ({ client_secret: `\t${p.clientSecret}\r\n` })),
  'body: SQL in the client_id': byPost({ client_id: "'; drop table clients; --" }),
  'body: a client_id of prototype fame': byPost({ client_id: '__proto__' }),
  'body: client_id and secret of 10,000 characters': byPost({
    client_id: 'x'.repeat(10_000),
    client_secret: 'x'.repeat(10_000),
  }),
  'nothing: no client at all': () => post(encode(GRANT)),
  'nothing: an empty body': () => post(''),
  'nothing: no body and no media type': () => ({ method: 'POST', path: PATH, headers: {}, body: '' }),
  'twice: grant_type': byPostWith('grant_type=client_credentials'),
  'twice: grant_type, of which one is another': byPostWith('grant_type=password'),
  'twice: client_id': (p) => post(`${inBody(p)}&client_id=${p.clientId}`),
  'twice: client_secret': (p) => post(`${inBody(p)}&client_secret=${p.clientSecret}`),
  'twice: client_secret, the first one right': byPostWith('client_secret=wrong'),
  'twice: scope': byPostWith('scope=pa%3Aread&scope=pa%3Asubmit'),
  'twice: a parameter that nobody knows': byPostWith('colour=blue&colour=red'),
  'twice: grant_type in PHP’s way': byPostWith('grant_type%5B%5D=password'),
  'twice: client_id in the header’s company': (p) =>
    post(`${encode(GRANT)}&client_id=${p.clientId}&client_id=${p.clientId}`, {
      authorization: basic(p.clientId, p.clientSecret),
    }),
  'grant_type: missing': (p) => post(encode({ client_id: p.clientId, client_secret: p.clientSecret })),
  'grant_type: empty': byPost({ grant_type: '' }),
  'grant_type: in capitals': byPost({ grant_type: 'CLIENT_CREDENTIALS' }),
  'grant_type: with a blank after it': byPost({ grant_type: 'client_credentials ' }),
  'grant_type: with NUL after it': byPost({ grant_type: 'client_credentials\0' }),
  'grant_type: authorization_code': byPost({ grant_type: 'authorization_code', code: 'x' }),
  'grant_type: password': byPost({ grant_type: 'password', username: 'a', password: 'b' }),
  'grant_type: refresh_token': byPost({ grant_type: 'refresh_token', refresh_token: 'x' }),
  'grant_type: implicit': byPost({ grant_type: 'implicit' }),
  'grant_type: jwt-bearer': byPost({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: 'x.y.z',
  }),
  'grant_type: token-exchange': byPost({ grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange' }),
  'grant_type: device_code': byPost({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code' }),
  'grant_type: unknown, and a wrong secret': byPost({ grant_type: 'magic', client_secret: 'wrong' }),
  'grant_type: __proto__': byPost({ grant_type: '__proto__' }),
  'scope: unknown': byPost({ scope: 'everything' }),
  'scope: one known and one unknown': byPost({ scope: 'pa:read everything' }),
  'scope: in capitals': byPost({ scope: 'PA:READ' }),
  'scope: two blanks': byPost({ scope: 'pa:read  pa:submit' }),
  'scope: a blank in front': byPost({ scope: ' pa:read' }),
  'scope: a blank alone': byPost({ scope: ' ' }),
  'scope: a comma between': byPost({ scope: 'pa:read,pa:submit' }),
  'scope: a tabulator between': byPost({ scope: 'pa:read\tpa:submit' }),
  'scope: a line feed after it': byPost({ scope: 'pa:read\n' }),
  'scope: a quote': byPost({ scope: 'pa:"read"' }),
  'scope: a backslash': byPost({ scope: 'pa:read\\' }),
  'scope: NUL after it': byPost({ scope: 'pa:read\0' }),
  'scope: not ASCII': byPost({ scope: 'é' }),
  'scope: openid': byPost({ scope: 'openid' }),
  'scope: offline_access': byPost({ scope: 'pa:read offline_access' }),
  'scope: 10,000 characters': byPost({ scope: 'x'.repeat(10_000) }),
  'form: invalid percent-encoding in a parameter nobody knows': byPostWith('colour=%zz'),
  'form: invalid percent-encoding in the secret': (p) =>
    post(`grant_type=client_credentials&client_id=${p.clientId}&client_secret=${p.clientSecret}%zz`),
  'form: bytes that are no UTF-8, in a parameter nobody knows': (p) =>
    post(Buffer.concat([Buffer.from(`${inBody(p)}&colour=`), Buffer.from([0xff, 0xfe])])),
  'form: raw NUL after the secret': (p) => post(`${inBody(p)}\0`),
  'form: raw control characters in a parameter nobody knows': byPostWith('colour=\x01\x02\x1b\x7f'),
  'form: semicolons between the parameters': (p) => post(inBody(p).replaceAll('&', ';')),
  'form: ampersands at both ends': (p) => post(`&&${inBody(p)}&&`),
  'form: a byte order mark in front': (p) => post(`\ufeff${inBody(p)}`),
  'form: a parameter of 70,000 characters': byPostWith(`colour=${'x'.repeat(70_000)}`),
  'form: 2,000 parameters nobody knows': byPostWith(
    Array.from({ length: 2000 }, (_, i) => `a${i}=1`).join('&'),
  ),
  'media type: JSON': (p) =>
    post(JSON.stringify({ ...GRANT, client_id: p.clientId, client_secret: p.clientSecret }), {
      'content-type': 'application/json',
    }),
  'media type: JSON, the client in the header': (p) =>
    post(JSON.stringify(GRANT), {
      'content-type': 'application/json',
      authorization: basic(p.clientId, p.clientSecret),
    }),
  'media type: text/plain': (p) => post(inBody(p), { 'content-type': 'text/plain' }),
  'media type: multipart/form-data': (p) =>
    post(inBody(p), { 'content-type': 'multipart/form-data; boundary=x' }),
  'media type: none': (p) => ({ method: 'POST', path: PATH, headers: {}, body: inBody(p) }),
  'media type: one that begins alike': (p) => post(inBody(p), { 'content-type': `${FORM}-x` }),
  'media type: the form, in UTF-16': (p) =>
    post(Buffer.from(inBody(p), 'utf16le'), { 'content-type': `${FORM}; charset=utf-16le` }),
  'media type: the form, in a character set nobody has': (p) =>
    post(inBody(p), { 'content-type': `${FORM}; charset=klingon` }),
  'URL: all of it in the query, by GET': (p) => ({
    method: 'GET',
    path: `${PATH}?${inBody(p)}`,
    headers: {},
    body: '',
  }),
  'URL: all of it in the query, by POST': (p) => ({ ...post(''), path: `${PATH}?${inBody(p)}` }),
  'URL: the secret in the query, the rest in the body': (p) => ({
    ...post(encode({ ...GRANT, client_id: p.clientId })),
    path: `${PATH}?client_secret=${p.clientSecret}`,
  }),
  'URL: the secret in the query and the body': (p) => ({
    ...post(inBody(p)),
    path: `${PATH}?client_secret=${p.clientSecret}`,
  }),
  'URL: the secret in the query, the client in the header': (p) => ({
    ...post(encode(GRANT), { authorization: basic(p.clientId, p.clientSecret) }),
    path: `${PATH}?client_secret=${p.clientSecret}`,
  }),
  'URL: the grant_type in the query': (p) => ({
    ...post(encode(without({ client_id: p.clientId, client_secret: p.clientSecret }, 'grant_type'))),
    path: `${PATH}?grant_type=client_credentials`,
  }),
  'method: GET': () => ({ method: 'GET', path: PATH, headers: {}, body: '' }),
  'method: GET, the client in the header': (p) => ({
    method: 'GET',
    path: `${PATH}?grant_type=client_credentials`,
    headers: { authorization: basic(p.clientId, p.clientSecret) },
    body: '',
  }),
  'method: PUT': (p) => ({ ...post(inBody(p)), method: 'PUT' }),
  'method: DELETE': (p) => ({
    ...post(''),
    method: 'DELETE',
    headers: { authorization: basic(p.clientId, p.clientSecret) },
  }),
  'method: GET, and another asked for in a header': (p) => ({
    ...post(''),
    method: 'GET',
    headers: { 'x-http-method-override': 'POST', authorization: basic(p.clientId, p.clientSecret) },
  }),
}

function unknown({ clientId }: Party): string {
  return clientId.replace(/.{6}$/, 'zzzzzz')
}

interface Assertion {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly by?: TestKey
  readonly parameters?: Parameters
}

function claimsOf(p: Party, claims: Assertion['claims'] = {}) {
  const usual = {
    iss: p.keyClientId,
    sub: p.keyClientId,
    aud: p.issuer,
    iat: p.nowSeconds,
    exp: p.nowSeconds + 120,
    jti: randomUUID(),
  }
  return Object.fromEntries(
    Object.entries({ ...usual, ...claims }).filter(([, value]) => value !== undefined),
  )
}

const withText = (text: string, parameters: Parameters = {}) =>
  post(encode({ ...GRANT, client_assertion_type: ASSERTION_TYPE, client_assertion: text, ...parameters }))

/** An assertion that is right but for what is given. */
const byAssertion =
  (given: Assertion | ((p: Party) => Assertion) = {}): Case =>
  async (p) => {
    const { claims, header, by = p.key, parameters } = typeof given === 'function' ? given(p) : given
    return withText(await sign(claimsOf(p, claims), by, header), parameters)
  }

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
/** An assertion that is put together by hand, of any header and any signature. */
const byHand =
  (header: (p: Party) => object, signature: (signed: string, p: Party) => string): Case =>
  (p) => {
    const signed = `${part(header(p))}.${part(claimsOf(p))}`
    return withText(`${signed}.${signature(signed, p)}`)
  }
const publicPem = ({ key }: Party) =>
  createPublicKey({ key: key.jwk as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
const hs256 = (signed: string, p: Party) =>
  createHmac('sha256', publicPem(p)).update(signed).digest('base64url')

/** Signed with the client's own key, whatever the header says: libraries refuse to write some of these. */
function signedByHand(p: Party, header: object): TokenRequest {
  const signed = `${part({ alg: p.key.alg, kid: p.key.kid, ...header })}.${part(claimsOf(p))}`
  const key = { key: p.key.privateKey as never, dsaEncoding: 'ieee-p1363' } as const
  return withText(`${signed}.${signBytes('sha384', Buffer.from(signed), key).toString('base64url')}`)
}

/** Alters one character of the signature. */
function spoiled(text: string): string {
  const at = text.lastIndexOf('.') + 10
  return text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)
}

const BY_ASSERTION: Readonly<Record<string, Case>> = {
  'assertion, right': byAssertion(),
  'assertion, right: client_id in the body': byAssertion((p) => ({
    parameters: { client_id: p.keyClientId },
  })),
  'assertion, right: for a list of one audience': byAssertion((p) => ({ claims: { aud: [p.issuer] } })),
  'assertion, right: without iat': byAssertion({ claims: { iat: undefined } }),
  'assertion, right: without kid': byAssertion({ header: { kid: undefined } }),
  'assertion, right: with further claims': byAssertion({ claims: { colour: 'blue' } }),
  'assertion, right: with one scope': byAssertion({ parameters: { scope: 'pa:read' } }),
  'assertion: alg none': byHand(
    () => ({ alg: 'none' }),
    () => '',
  ),
  'assertion: alg NonE': byHand(
    () => ({ alg: 'NonE' }),
    () => '',
  ),
  'assertion: alg none, and a signature': byHand(
    () => ({ alg: 'none' }),
    () => 'AAAA',
  ),
  'assertion: alg ES384, and no signature': byHand(
    (p) => ({ alg: 'ES384', kid: p.key.kid }),
    () => '',
  ),
  'assertion: alg ES384, and a signature of zeros': byHand(
    (p) => ({ alg: 'ES384', kid: p.key.kid }),
    () => Buffer.alloc(96).toString('base64url'),
  ),
  'assertion: HS256 with the public key': byHand(() => ({ alg: 'HS256' }), hs256),
  'assertion: HS256 with the public key, and its kid': byHand(
    (p) => ({ alg: 'HS256', kid: p.key.kid }),
    hs256,
  ),
  'assertion: no alg': byHand(
    (p) => ({ kid: p.key.kid }),
    () => 'AAAA',
  ),
  'assertion: an altered signature': async (p) => withText(spoiled(await sign(claimsOf(p), p.key))),
  'assertion: a foreign key': byAssertion((p) => ({ by: p.foreignKey })),
  'assertion: a foreign key under the client’s kid': byAssertion((p) => ({
    by: { ...p.foreignKey, kid: p.key.kid },
  })),
  'assertion: a foreign key, brought along as jwk': byAssertion((p) => ({
    by: { ...p.foreignKey, kid: p.key.kid },
    header: { jwk: p.foreignKey.jwk },
  })),
  'assertion: a foreign key, pointed to by jku': byAssertion((p) => ({
    by: p.foreignKey,
    header: { jku: 'https://attacker.example/keys' },
  })),
  'assertion: a foreign key, pointed to by x5u': byAssertion((p) => ({
    by: p.foreignKey,
    header: { x5u: 'https://attacker.example/certificate' },
  })),
  'assertion: the right key, and a jku besides': byAssertion({
    header: { jku: 'https://attacker.example/keys' },
  }),
  'assertion: the right key, and a jwk besides': byAssertion((p) => ({ header: { jwk: p.foreignKey.jwk } })),
  'assertion: a kid that walks up the folders': byAssertion({ header: { kid: '../../../../dev/null' } }),
  'assertion: a kid with SQL in it': byAssertion({ header: { kid: "x' union select 'key' --" } }),
  'assertion: a kid that is a URL': byAssertion({ header: { kid: 'https://attacker.example/key' } }),
  'assertion: a kid with NUL in it': byAssertion((p) => ({ header: { kid: `${p.key.kid}\0` } })),
  'assertion: a kid that is a number': byAssertion({ header: { kid: 1 } }),
  'assertion: a kid of prototype fame': byAssertion({ header: { kid: '__proto__' } }),
  'assertion: an empty kid': byAssertion({ header: { kid: '' } }),
  'assertion: crit of something unknown': (p) => signedByHand(p, { crit: ['exp'], exp: 1 }),
  'assertion: crit that is empty': (p) => signedByHand(p, { crit: [] }),
  'assertion: b64 false': (p) => signedByHand(p, { crit: ['b64'], b64: false }),
  'assertion: typ at+jwt': byAssertion({ header: { typ: 'at+jwt' } }),
  'assertion: typ client-authentication+jwt': byAssertion({ header: { typ: 'client-authentication+jwt' } }),
  'assertion: no typ': byAssertion({ header: { typ: undefined } }),
  'assertion: another audience': byAssertion({ claims: { aud: 'https://other.example' } }),
  'assertion: an audience that begins alike': byAssertion((p) => ({
    claims: { aud: `${p.issuer}.attacker.example` },
  })),
  'assertion: the issuer and a slash as audience': byAssertion((p) => ({ claims: { aud: `${p.issuer}/` } })),
  'assertion: several audiences, one of them right': byAssertion((p) => ({
    claims: { aud: ['https://other.example', p.issuer] },
  })),
  'assertion: an empty list of audiences': byAssertion({ claims: { aud: [] } }),
  'assertion: no audience': byAssertion({ claims: { aud: undefined } }),
  'assertion: expired': byAssertion((p) => ({ claims: { exp: p.nowSeconds - 300 } })),
  'assertion: expired half a minute ago': byAssertion((p) => ({ claims: { exp: p.nowSeconds - 30 } })),
  'assertion: no exp': byAssertion({ claims: { exp: undefined } }),
  'assertion: exp that is text': byAssertion((p) => ({ claims: { exp: String(p.nowSeconds + 120) } })),
  'assertion: exp a day ahead': byAssertion((p) => ({ claims: { exp: p.nowSeconds + 86_400 } })),
  'assertion: exp in milliseconds': byAssertion((p) => ({ claims: { exp: (p.nowSeconds + 120) * 1000 } })),
  'assertion: nbf in the future': byAssertion((p) => ({ claims: { nbf: p.nowSeconds + 200 } })),
  'assertion: iat in the future': byAssertion((p) => ({ claims: { iat: p.nowSeconds + 200 } })),
  'assertion: no jti': byAssertion({ claims: { jti: undefined } }),
  'assertion: an empty jti': byAssertion({ claims: { jti: '' } }),
  'assertion: jti that is a number': byAssertion({ claims: { jti: 7 } }),
  'assertion: jti of 10,000 characters': byAssertion({ claims: { jti: 'x'.repeat(10_000) } }),
  'assertion: jti with NUL in it': byAssertion({ claims: { jti: `${randomUUID()}\0` } }),
  'assertion: no iss': byAssertion({ claims: { iss: undefined } }),
  'assertion: no sub': byAssertion({ claims: { sub: undefined } }),
  'assertion: another iss than sub': byAssertion((p) => ({ claims: { iss: p.clientId } })),
  'assertion: another sub than iss': byAssertion((p) => ({ claims: { sub: p.clientId } })),
  'assertion: of a client of secrets': byAssertion((p) => ({
    claims: { iss: p.clientId, sub: p.clientId },
  })),
  'assertion: of an unknown client': byAssertion((p) => ({
    claims: { iss: unknown(p), sub: unknown(p) },
  })),
  'assertion: client_id of another client in the body': byAssertion((p) => ({
    parameters: { client_id: p.clientId },
  })),
  'assertion: sent a second time': async (p) => {
    const request = withText(await sign(claimsOf(p), p.key))
    return [request, request]
  },
  'assertion: a jti a second time, signed anew': async (p) => {
    const jti = randomUUID()
    return [
      withText(await sign(claimsOf(p, { jti }), p.key)),
      withText(await sign(claimsOf(p, { jti, exp: p.nowSeconds + 60 }), p.key)),
    ]
  },
  'assertion: a spoiled one first, then the true one': async (p) => {
    const text = await sign(claimsOf(p), p.key)
    return [withText(spoiled(text)), withText(text)]
  },
  'assertion: no JWT at all': () => withText('abc'),
  'assertion: empty': () => withText(''),
  'assertion: five parts': async (p) => withText(`${await sign(claimsOf(p), p.key)}.a.b`),
  'assertion: padding after the signature': async (p) => withText(`${await sign(claimsOf(p), p.key)}=`),
  'assertion: a blank around it': async (p) => withText(` ${await sign(claimsOf(p), p.key)} `),
  'assertion: its type missing': byAssertion({ parameters: { client_assertion_type: '' } }),
  'assertion: of type saml2-bearer': byAssertion({
    parameters: { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
  }),
  'assertion: its type alone': () => post(encode({ ...GRANT, client_assertion_type: ASSERTION_TYPE })),
  'assertion: beside a secret in the body': byAssertion((p) => ({
    parameters: { client_id: p.clientId, client_secret: p.clientSecret },
  })),
  'assertion: beside Basic': async (p) => ({
    ...withText(await sign(claimsOf(p), p.key)),
    headers: { 'content-type': FORM, authorization: basic(p.clientId, p.clientSecret) },
  }),
  'assertion: sent twice in one request': async (p) => {
    const request = withText(await sign(claimsOf(p), p.key))
    return { ...request, body: `${request.body}&client_assertion=${await sign(claimsOf(p), p.key)}` }
  },
}

/** Every request that both token endpoints are given, by its name. */
export const CORPUS: Readonly<Record<string, Case>> = { ...BY_SECRET, ...BY_ASSERTION }
