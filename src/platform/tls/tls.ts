import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SecureContextOptions, Server } from 'node:tls'
import type { Random } from '../../kernel/ids.ts'
import type { Clock, Instant } from '../../kernel/time.ts'
import { type LocalFiles, makeLocalAuthority, whyNotReusable } from './local-authority.ts'
import { type Material, readMaterial, UnfitMaterial } from './material.ts'
import { TLS_POLICY } from './policy.ts'

const DAY = 24 * 60 * 60 * 1000
/** A local certificate is made anew when it has less than this to live; an own one is warned of. */
const RENEW_BEFORE_MS = 30 * DAY
const POLL_MS = 2_000

export interface TlsOptions {
  /** Where the local authority and its certificate are kept: `ca.pem`, `server.pem`, `server.key`. */
  readonly directory: string
  /** An own certificate (PEM, the chain after it) and its key, instead of local ones. Both or neither. */
  readonly certificateFile?: string
  readonly keyFile?: string
  /** Names and addresses of this server besides localhost and the loopback addresses; for the local certificate only. */
  readonly hostnames: readonly string[]
  readonly clock: Clock
  readonly random: Random
  /** Told of everything that an operator should know, in words that can be printed as they are. */
  onEvent(event: TlsEvent): void
  /** How often the files are looked at, in milliseconds; default 2,000. 0: only when asked by `refresh`. */
  readonly pollMs?: number
}

export interface TlsEvent {
  readonly kind: /** A local authority and certificate were made; clients that trusted an older one must be given the new `ca.pem`. */
    | 'made'
    /** Changed files were taken up: new connections get the new certificate. */
    | 'reloaded'
    /** Changed files are no good: the certificate before them stays in use. Said once for each change. */
    | 'refused'
    /** The certificate in use will expire within 30 days. Said once for each certificate. */
    | 'expiring'
    /** The certificate in use has expired: clients will refuse it. Said once for each certificate. */
    | 'expired'
  readonly message: string
}

/** The certificate that this process serves with, kept up to date. */
export interface Tls {
  /** The local authority's certificate, for clients to trust; undefined with an own certificate. */
  readonly caFile: string | undefined
  /** For `https.createServer`: key, certificate, versions and suites. */
  secureOptions(): SecureContextOptions
  /** Gives the server each new certificate, for the connections that come after it. Forgotten when the server closes. */
  attach(server: Server): void
  /** Looks at the files now instead of at the next poll. */
  refresh(): Promise<void>
  close(): void
}

/**
 * Opens the certificate of this process: an own one by setting, else a local one, made on first start.
 *
 * @throws UnfitMaterial the own certificate or its key cannot be served with; the message says which file and why
 */
export async function openTls(options: TlsOptions): Promise<Tls> {
  const local = localFiles(options.directory)
  const own = ownFiles(options)
  const files = own ?? local
  if (!own) await ensureLocal(local, options)

  const servers = new Set<Server>()
  let accepted = await read(files)
  let material = materialOf(files, accepted, options.clock.now())
  let doubted: string | undefined
  let refused: string | undefined
  let warned: TlsEvent['kind'] | undefined

  const takeUp = (found: Found, next: Material) => {
    material = next
    accepted = found
    doubted = refused = warned = undefined
    for (const server of servers) server.setSecureContext(secureOptions(next))
  }
  const refuse = (look: string, why: string) => {
    // The certificate and its key are two files: a pair that does not fit may be half of a change. It is spoken of
    // when the next look finds the same.
    if (doubted === look && refused !== look) {
      refused = look
      options.onEvent({ kind: 'refused', message: `${why}. The certificate before it stays in use.` })
    }
    doubted = look
  }
  const lookForChanges = async () => {
    const found = await read(files)
    if (look(found) === look(accepted)) {
      doubted = refused = undefined
      return
    }
    try {
      takeUp(found, materialOf(files, found, options.clock.now()))
      const until = date(material.expiresAt)
      options.onEvent({
        kind: 'reloaded',
        message: `The changed certificate ${files.certificate} is in use, until ${until}.`,
      })
    } catch (error) {
      if (!(error instanceof UnfitMaterial)) throw error
      refuse(look(found), error.message)
    }
  }
  const watchExpiry = async () => {
    const left = material.expiresAt - options.clock.now()
    if (left >= RENEW_BEFORE_MS) return
    if (!own) {
      await makeLocal(local, options, 'the one before it was about to expire')
      const found = await read(files)
      return takeUp(found, materialOf(files, found, options.clock.now()))
    }
    const kind = left > 0 ? 'expiring' : 'expired'
    if (warned === kind) return
    warned = kind
    options.onEvent({ kind, message: expiryWarning(kind, files, material) })
  }

  let looking: Promise<void> = Promise.resolve()
  const refresh = () => {
    const now = looking.then(lookForChanges).then(watchExpiry)
    // A look that failed (a full disk, say) does not end the looks after it.
    looking = now.catch(() => {})
    return now
  }
  await watchExpiry()
  const everyMs = options.pollMs ?? POLL_MS
  const timer = everyMs > 0 ? setInterval(() => void refresh().catch(() => {}), everyMs).unref() : undefined

  return {
    caFile: own ? undefined : local.ca,
    secureOptions: () => secureOptions(material),
    attach: (server) => {
      servers.add(server)
      server.once('close', () => servers.delete(server))
    },
    refresh,
    close: () => clearInterval(timer),
  }
}

function localFiles(directory: string): LocalFiles {
  return {
    ca: join(directory, 'ca.pem'),
    certificate: join(directory, 'server.pem'),
    key: join(directory, 'server.key'),
  }
}

async function ensureLocal(files: LocalFiles, options: TlsOptions): Promise<void> {
  const why = await whyMakeLocal(files, options)
  if (why) await makeLocal(files, options, why)
}

async function makeLocal(files: LocalFiles, options: TlsOptions, why: string): Promise<void> {
  await makeLocalAuthority(files, options.hostnames, options.clock.now(), options.random)
  options.onEvent({
    kind: 'made',
    message: `A local certificate authority was made: ${why}. Clients must trust ${files.ca}.`,
  })
}

function expiryWarning(kind: 'expiring' | 'expired', files: Files, { expiresAt }: Material): string {
  const fact =
    kind === 'expired' ? `expired at ${date(expiresAt)}: clients refuse it` : `expires at ${date(expiresAt)}`
  return `The certificate ${files.certificate} ${fact}. Put a new one in its place; it is taken up without a restart.`
}

interface Files {
  readonly certificate: string
  readonly key: string
}

function ownFiles({ certificateFile, keyFile }: TlsOptions): Files | undefined {
  if (certificateFile && keyFile) return { certificate: certificateFile, key: keyFile }
  if (certificateFile || keyFile)
    throw new UnfitMaterial('A certificate needs its key file, and a key its certificate file')
  return undefined
}

function secureOptions(material: Material): SecureContextOptions {
  return { ...TLS_POLICY, cert: material.certificate, key: material.key }
}

async function whyMakeLocal(
  files: LocalFiles,
  { clock, hostnames }: TlsOptions,
): Promise<string | undefined> {
  const [found, ca] = await Promise.all([read(files), readIfThere(files.ca)])
  if ((found.certificate ?? found.key ?? ca) === undefined) return 'there was none'
  if (ca === undefined) return 'the certificate of the one before it was missing'
  try {
    const material = materialOf(files, found, clock.now())
    return whyNotReusable(material, ca, hostnames)
  } catch (error) {
    if (error instanceof UnfitMaterial) return error.message
    throw error
  }
}

/** What lies in the files; undefined where there is none. */
interface Found {
  readonly certificate: string | undefined
  readonly key: string | undefined
}

const look = ({ certificate = '', key = '' }: Found) =>
  createHash('sha256').update(certificate).update('\0').update(key).digest('hex')

/**
 * The whole of both files, each time: they are small, and it sees a file written in place, a file renamed over the old
 * one, and a link that was turned to another, on every file system.
 */
async function read(files: Files): Promise<Found> {
  const [certificate, key] = await Promise.all([readIfThere(files.certificate), readIfThere(files.key)])
  return { certificate, key }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // A file that may not be read is as good as none; the message says which.
    if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'EISDIR') return undefined
    throw error
  })
}

/** @throws UnfitMaterial */
function materialOf(files: Files, { certificate, key }: Found, now: Instant): Material {
  if (certificate === undefined)
    throw new UnfitMaterial(`The certificate file ${files.certificate} cannot be read`)
  if (key === undefined) throw new UnfitMaterial(`The key file ${files.key} cannot be read`)
  try {
    return readMaterial(certificate, key, now)
  } catch (error) {
    if (!(error instanceof UnfitMaterial)) throw error
    throw new UnfitMaterial(
      `The certificate ${files.certificate} with the key ${files.key} cannot be used: ${error.message}`,
    )
  }
}

const date = (at: Instant) => new Date(at).toISOString()
