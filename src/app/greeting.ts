/** What a start has to say once it serves. */
export interface Greeting {
  readonly portalUrl: string | undefined
  readonly sandboxUrl: string | undefined
  readonly productionUrl: string | undefined
  /** The local certificate authority; undefined with a certificate of one's own. */
  readonly caFile: string | undefined
  readonly database: string
  readonly dataDirectory: string
  readonly startedInMs: number
}

/** The three URLs, and a first call to paste. */
export function greet(greeting: Greeting): string {
  const { portalUrl, sandboxUrl, productionUrl, caFile, database, dataDirectory, startedInMs } = greeting
  const places = [
    ['Portal', portalUrl, 'sign up, hold credentials'],
    ['Sandbox', sandboxUrl, 'synthetic payers, the real engine'],
    ['Production', productionUrl, 'needs a contract'],
  ]
    .filter(([, url]) => url !== undefined)
    .map(([name = '', url = '', what = '']) => `  ${name.padEnd(11)} ${url.padEnd(25)} ${what}`)
  return [
    '',
    `Countersign serves, after ${(startedInMs / 1000).toFixed(1)} s.`,
    '',
    ...places,
    '',
    `  Database    ${database}`,
    `  Data        ${dataDirectory}`,
    ...(sandboxUrl === undefined ? [] : firstCall(sandboxUrl, caFile)),
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}

function firstCall(sandboxUrl: string, caFile: string | undefined): string[] {
  const trust = caFile === undefined ? '' : ` --cacert ${caFile}`
  return [
    '',
    'A first call, in another terminal:',
    '',
    '  npx countersign organizations create "Larkspur Health"',
    '  npx countersign credentials create --organization "Larkspur Health" --environment sandbox --env > .env.sandbox',
    '  . ./.env.sandbox',
    `  curl -s${trust} -u "$COUNTERSIGN_CLIENT_ID:$COUNTERSIGN_CLIENT_SECRET" \\`,
    `    -d grant_type=client_credentials ${sandboxUrl}/oauth2/token`,
    '',
    'Or see all of it at once:  npm run demo',
  ]
}
