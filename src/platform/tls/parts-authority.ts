import { KeyObject, X509Certificate } from 'node:crypto'
import type { Random } from '../../kernel/ids.ts'
import type { Instant } from '../../kernel/time.ts'
import { authorityCertificate, newKeyPair, partCertificate } from './certificate.ts'

const DAY = 24 * 60 * 60 * 1000
/** A clock that is a little behind still accepts what was just made. */
const BACKDATED_MS = DAY

/** A part's certificate and its key, PEM. */
export interface Part {
  readonly certificate: string
  readonly key: string
}

/**
 * Makes an authority for the parts of one platform, which vouches for each by its name and whose key is then forgotten:
 * nobody can have it vouch for another part. A new certificate for one therefore means new ones for all.
 *
 * @param names     DNS names, all below `domain`
 * @param lifetimeMs from `now`
 */
export async function makePartsAuthority<Name extends string>(
  domain: string,
  names: readonly Name[],
  { now, lifetimeMs, random }: { now: Instant; lifetimeMs: number; random: Random },
): Promise<{ readonly ca: string; readonly parts: Readonly<Record<Name, Part>> }> {
  const issuerKey = await newKeyPair()
  const dates = { from: new Date(now - BACKDATED_MS), until: new Date(now + lifetimeMs) }
  const issuer = `Countersign parts ${dates.from.toISOString().slice(0, 10)} ${Buffer.from(random(3)).toString('hex')}`
  const ca = await authorityCertificate({ subject: issuer, issuerKey, random, ...dates }, [domain])
  const parts = await Promise.all(
    names.map(async (name) => {
      const pair = await newKeyPair()
      const tbs = { subject: name, issuer, publicKey: pair.publicKey, issuerKey, random, ...dates }
      const certificate = new X509Certificate(await partCertificate(tbs, [name])).toString()
      const key = String(KeyObject.from(pair.privateKey).export({ type: 'pkcs8', format: 'pem' }))
      return [name, { certificate, key }] as const
    }),
  )
  return {
    ca: new X509Certificate(ca).toString(),
    parts: Object.fromEntries(parts) as Record<Name, Part>,
  }
}
