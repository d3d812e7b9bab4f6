import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import type { Extension } from '@peculiar/x509'
import type { Random } from '../../kernel/ids.ts'

/** A host: a DNS name, or an address. */
type Host = string

export type KeyPair = webcrypto.CryptoKeyPair

interface Tbs {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: webcrypto.CryptoKey
  readonly issuerKey: KeyPair
  readonly from: Date
  readonly until: Date
  readonly random: Random
}

/** A fresh pair of keys on P-256. */
export function newKeyPair(): Promise<KeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
}

/**
 * The certificate of an authority that can vouch for the given hosts and for nothing else: whoever trusts it risks
 * nothing beyond them, even if its key were stolen.
 *
 * @param permitted DNS names (each with the names below it) and address ranges (`127.0.0.0/8`)
 * @returns         DER
 * @see RFC 5280 section 4.2.1.10
 */
export async function authorityCertificate(
  tbs: Omit<Tbs, 'issuer' | 'publicKey'>,
  permitted: readonly Host[],
): Promise<Uint8Array> {
  const x509 = await loadX509()
  const { publicKey } = tbs.issuerKey
  return certificate({ ...tbs, issuer: tbs.subject, publicKey }, [
    // An authority, and of servers only: nobody may stand between it and the server's certificate.
    new x509.BasicConstraintsExtension(true, 0, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    new x509.Extension('2.5.29.30', true, await nameConstraints(permitted)),
    await x509.SubjectKeyIdentifierExtension.create(publicKey, false, webcrypto),
  ])
}

/**
 * The certificate of a server at the given hosts: for serving, not for proving itself as a client.
 *
 * @returns DER
 */
export async function serverCertificate(tbs: Tbs, hosts: readonly Host[]): Promise<Uint8Array> {
  const { ExtendedKeyUsage } = await loadX509()
  return leafCertificate(tbs, hosts, [ExtendedKeyUsage.serverAuth])
}

/**
 * The certificate of a part of the platform, which serves other parts and calls them.
 *
 * @returns DER
 */
export async function partCertificate(tbs: Tbs, hosts: readonly Host[]): Promise<Uint8Array> {
  const { ExtendedKeyUsage } = await loadX509()
  return leafCertificate(tbs, hosts, [ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth])
}

async function leafCertificate(
  tbs: Tbs,
  hosts: readonly Host[],
  usages: readonly string[],
): Promise<Uint8Array> {
  const x509 = await loadX509()
  return certificate(tbs, [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([...usages]),
    new x509.SubjectAlternativeNameExtension(
      hosts.map((host) => ({ type: isIP(host) ? 'ip' : 'dns', value: host })),
    ),
    await x509.SubjectKeyIdentifierExtension.create(tbs.publicKey, false, webcrypto),
    await x509.AuthorityKeyIdentifierExtension.create(tbs.issuerKey.publicKey, false, webcrypto),
  ])
}

async function certificate(tbs: Tbs, extensions: Extension[]): Promise<Uint8Array> {
  const x509 = await loadX509()
  const made = await x509.X509CertificateGenerator.create(
    {
      serialNumber: serialNumber(tbs.random),
      subject: new x509.Name(name(tbs.subject)),
      issuer: new x509.Name(name(tbs.issuer)),
      notBefore: tbs.from,
      notAfter: tbs.until,
      publicKey: tbs.publicKey,
      signingKey: tbs.issuerKey.privateKey,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions,
    },
    webcrypto,
  )
  return new Uint8Array(made.rawData)
}

/** Loaded when a certificate is made and not before: a start that finds one does not pay for it. */
async function loadX509() {
  // The library's dependency injection asks for it to be there first.
  await import('reflect-metadata')
  return import('@peculiar/x509')
}

/** Sixteen unpredictable bytes in hexadecimal; positive and not zero whatever chance gives. */
function serialNumber(random: Random): string {
  const bytes = Buffer.from(random(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40
  return bytes.toString('hex')
}

function name(commonName: string) {
  return [{ O: [{ utf8String: 'Countersign' }] }, { CN: [{ utf8String: commonName }] }]
}

/** The library has no class for this extension, its ASN.1 schemas have. */
async function nameConstraints(permitted: readonly Host[]): Promise<ArrayBuffer> {
  const [asn, { AsnConvert }] = await Promise.all([
    import('@peculiar/asn1-x509'),
    import('@peculiar/asn1-schema'),
  ])
  const subtrees = permitted.map((host) => {
    const isRange = isIP(host.split('/')[0] ?? '') !== 0
    return new asn.GeneralSubtree({
      base: new asn.GeneralName(isRange ? { iPAddress: host } : { dNSName: host }),
    })
  })
  return AsnConvert.serialize(
    new asn.NameConstraints({ permittedSubtrees: new asn.GeneralSubtrees(subtrees) }),
  )
}
