import { generateKeyPairSync } from 'node:crypto'
import { ALGORITHMS, type Algorithm, type ClientKey } from '../../clients/index.ts'

/**
 * A key that is nobody's, of the kind that an algorithm takes: to do the work of verifying where the refusal is certain,
 * so that it takes as long as for a client that exists.
 */
export function nobodysKey(algorithm: Algorithm): ClientKey {
  const wanted = ALGORITHMS[algorithm]
  return wanted.kty === 'RSA' ? RSA : EC[wanted.crv]
}

/** Any odd modulus of this length is as much work. */
const RSA: ClientKey = { kty: 'RSA', n: Buffer.alloc(256, 0xa5).toString('base64url'), e: 'AQAB' }
const EC = { 'P-256': generated('P-256'), 'P-384': generated('P-384') } as const

function generated(namedCurve: 'P-256' | 'P-384'): ClientKey {
  return generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' }) as ClientKey
}
