import type { PayerReference } from '../../../core/request.ts'
import { type Loop, segmentOf } from '../grammar/walk.ts'
import { decodeNm1, encodeNm1 } from '../segments/nm1.ts'
import type { Row } from '../text/index.ts'
import { plainName } from './names.ts'

/** Reads who the payer is: loop 2010A. Which numbering its number is of (NM108) is not kept. */
export function decodePayer(loop: Loop | undefined): PayerReference {
  const nm1 = segmentOf(loop, 'NM1')
  if (nm1 === undefined) return { id: '' }
  nm1.text(1)
  const { name, identifier } = decodeNm1(nm1)
  if (identifier === undefined && nm1.text(9) === undefined) nm1.required(9, "the payer's number")
  const id = identifier?.value ?? ''
  const plain = plainName(name)
  return plain === undefined ? { id } : { id, name: plain }
}

/** @param role NM101: `X3` or `PR` */
export function encodePayer(payer: PayerReference, role: string): Row {
  const name = payer.name === undefined ? {} : { name: { kind: 'organization', name: payer.name } as const }
  return encodeNm1(role, { ...name, identifier: { system: 'payer', value: payer.id } })
}
