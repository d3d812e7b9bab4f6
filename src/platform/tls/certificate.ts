import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { isIPv4, isIPv6 } from 'node:net'
import type { Random } from '../../kernel/ids.ts'
import { bits, der, integer, objectId, octets, sequence, set, time, utf8, yes } from './der.ts'

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'))

/** A host: a DNS name, or an address. */
type Host = string

interface Tbs {
  readonly subject: string
  readonly issuer: string
  readonly publicKey: KeyObject
  readonly issuerKey: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  readonly from: Date
  readonly until: Date
  readonly random: Random
  readonly extensions: readonly Uint8Array[]
}

/** A fresh pair of keys on P-256. */
export function newKeyPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
}

/**
 * The certificate of an authority that can vouch for the given hosts and for nothing else: whoever trusts it risks
 * nothing beyond them, even if its key were stolen.
 *
 * @param permitted DNS names (each with the names below it) and address ranges (`127.0.0.0/8`)
 * @returns         DER
 * @see RFC 5280 section 4.2.1.10
 */
export function authorityCertificate(
  tbs: Omit<Tbs, 'issuer' | 'publicKey' | 'extensions'>,
  permitted: readonly Host[],
): Uint8Array {
  return certificate({
    ...tbs,
    issuer: tbs.subject,
    publicKey: tbs.issuerKey.publicKey,
    extensions: [
      // An authority, and of servers only: nobody may stand between it and the server's certificate.
      extension('2.5.29.19', sequence(yes(), integer(0)), 'critical'),
      // keyCertSign and cRLSign.
      extension('2.5.29.15', bits(Uint8Array.of(0b0000_0110), 1), 'critical'),
      extension('2.5.29.30', nameConstraints(permitted), 'critical'),
      extension('2.5.29.14', octets(keyIdentifier(tbs.issuerKey.publicKey))),
    ],
  })
}

/**
 * The certificate of a server at the given hosts: for serving, not for proving itself as a client.
 *
 * @returns DER
 */
export function serverCertificate(tbs: Omit<Tbs, 'extensions'>, hosts: readonly Host[]): Uint8Array {
  return certificate({
    ...tbs,
    extensions: [
      extension('2.5.29.19', sequence(), 'critical'),
      // digitalSignature.
      extension('2.5.29.15', bits(Uint8Array.of(0b1000_0000), 7), 'critical'),
      // serverAuth.
      extension('2.5.29.37', sequence(objectId('1.3.6.1.5.5.7.3.1'))),
      extension('2.5.29.17', sequence(...hosts.map(generalName))),
      extension('2.5.29.14', octets(keyIdentifier(tbs.publicKey))),
      extension('2.5.29.35', sequence(der(0x80, keyIdentifier(tbs.issuerKey.publicKey)))),
    ],
  })
}

/** @see RFC 5280 section 4.1 */
function certificate(tbs: Tbs): Uint8Array {
  const signed = sequence(
    der(0xa0, integer(2)),
    integer(...serialNumber(tbs.random)),
    ECDSA_WITH_SHA256,
    name(tbs.issuer),
    sequence(time(tbs.from), time(tbs.until)),
    name(tbs.subject),
    tbs.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...tbs.extensions)),
  )
  return sequence(signed, ECDSA_WITH_SHA256, bits(sign('sha256', signed, tbs.issuerKey.privateKey)))
}

/** Sixteen unpredictable bytes; positive and not zero whatever chance gives. */
function serialNumber(random: Random): readonly number[] {
  const [first = 0, ...rest] = random(16)
  return [(first & 0x7f) | 0x40, ...rest]
}

function name(commonName: string): Uint8Array {
  return sequence(
    set(sequence(objectId('2.5.4.10'), utf8('Countersign'))),
    set(sequence(objectId('2.5.4.3'), utf8(commonName))),
  )
}

function extension(id: string, value: Uint8Array, critical?: 'critical'): Uint8Array {
  return critical ? sequence(objectId(id), yes(), octets(value)) : sequence(objectId(id), octets(value))
}

/** @see RFC 5280 section 4.2.1.2, method (1) */
function keyIdentifier(key: KeyObject): Uint8Array {
  // The key's own bits: on P-256 the last 65 bytes of its SubjectPublicKeyInfo.
  return createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }).subarray(-65))
    .digest()
}

function nameConstraints(permitted: readonly Host[]): Uint8Array {
  return sequence(der(0xa0, ...permitted.map((host) => sequence(generalName(host)))))
}

/** @param host a DNS name, an address, or (in constraints) a range of addresses such as `127.0.0.0/8` */
function generalName(host: Host): Uint8Array {
  const [address = '', prefix] = host.split('/')
  if (!isIPv4(address) && !isIPv6(address)) return der(0x82, Buffer.from(host, 'ascii'))
  const bytes = addressBytes(address)
  return der(0x87, bytes, prefix === undefined ? new Uint8Array(0) : mask(bytes.length, Number(prefix)))
}

/** The 4 or 16 bytes of an address. */
export function addressBytes(address: string): Uint8Array {
  if (isIPv4(address)) return Uint8Array.of(...address.split('.').map(Number))
  const [head = '', tail] = address.split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const missing = 8 - groups(head).length - groups(tail).length
  const all = [...groups(head), ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...groups(tail)]
  return Uint8Array.of(
    ...all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  )
}

function mask(length: number, prefix: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => 0xff & ~(0xff >> Math.max(0, Math.min(8, prefix - 8 * i))))
}
