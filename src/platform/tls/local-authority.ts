import { KeyObject, X509Certificate } from 'node:crypto'
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { dirname } from 'node:path'
import type { Random } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { authorityCertificate, newKeyPair, serverCertificate } from './certificate.ts'
import type { Material } from './material.ts'

const DAY = 24 * 60 * 60 * 1000
/** As long as browsers and phones accept of an authority that a user added. */
const LIFETIME_DAYS = 820
/** A clock that is a little behind still accepts what was just made. */
const BACKDATED_MS = DAY

const LOOPBACK_HOSTS = ['localhost', '127.0.0.1', '::1'] as const
const LOOPBACK_RANGES = ['localhost', '127.0.0.0/8', '::1/128'] as const

/** Where the local authority's certificate, the server's, and the server's key lie. */
export interface LocalFiles {
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

/**
 * Makes a certificate authority for this machine, has it vouch for one server certificate, and forgets its key: the key
 * is never written, so that nobody can find it and vouch for another host. A new certificate therefore means a new
 * authority.
 *
 * @param hosts further names and addresses of this server, besides localhost and the loopback addresses
 */
export async function makeLocalAuthority(
  files: LocalFiles,
  hosts: readonly string[],
  now: Instant,
  random: Random,
): Promise<void> {
  const [authority, server] = await Promise.all([newKeyPair(), newKeyPair()])
  const dates = { from: new Date(now - BACKDATED_MS), until: new Date(now + LIFETIME_DAYS * DAY) }
  const subject = `Countersign local authority ${dates.from.toISOString().slice(0, 10)} ${Buffer.from(random(3)).toString('hex')}`
  const ca = await authorityCertificate({ subject, issuerKey: authority, random, ...dates }, [
    ...LOOPBACK_RANGES,
    ...further(hosts).map((host) => (isIP(host) ? `${host}/${isIP(host) === 4 ? 32 : 128}` : host)),
  ])
  const certificate = await serverCertificate(
    {
      subject: 'localhost',
      issuer: subject,
      publicKey: server.publicKey,
      issuerKey: authority,
      random,
      ...dates,
    },
    [...LOOPBACK_HOSTS, ...further(hosts)],
  )
  await mkdir(dirname(files.key), { recursive: true, mode: 0o700 })
  const key = KeyObject.from(server.privateKey).export({ type: 'pkcs8', format: 'pem' })
  await replaceFile(files.key, String(key), 0o600)
  await replaceFile(files.ca, new X509Certificate(ca).toString(), 0o644)
  await replaceFile(files.certificate, new X509Certificate(certificate).toString(), 0o644)
}

/**
 * Why local material cannot be used again, or undefined when it can.
 *
 * @param ca    PEM of the authority's certificate
 * @param hosts further names and addresses that the certificate must cover
 */
export function whyNotReusable(material: Material, ca: string, hosts: readonly string[]): string | undefined {
  const authority = readAuthority(ca)
  if (!authority) return 'the authority file holds no certificate that can be read'
  if (!material.leaf.checkIssued(authority) || !material.leaf.verify(authority.publicKey))
    return 'the certificate was not issued by the authority beside it'
  const missing = [...LOOPBACK_HOSTS, ...further(hosts)].filter((host) => !covers(material.leaf, host))
  return missing.length === 0 ? undefined : `the certificate does not cover ${missing.join(', ')}`
}

function readAuthority(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function covers(leaf: X509Certificate, host: string): boolean {
  return (isIP(host) ? leaf.checkIP(host) : leaf.checkHost(host, { subject: 'never' })) !== undefined
}

function further(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)].filter((host) => !(LOOPBACK_HOSTS as readonly string[]).includes(host))
}

async function replaceFile(path: string, text: string, mode: number): Promise<void> {
  const fresh = `${path}.new`
  await writeFile(fresh, text, { mode })
  await chmod(fresh, mode)
  await rename(fresh, path)
}
