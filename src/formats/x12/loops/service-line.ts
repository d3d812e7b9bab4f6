import type { PatientEvent, ServiceLine } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { Draft } from '../grammar/lay-out.ts'
import { type Loop, loopsOf, segmentOf } from '../grammar/walk.ts'
import type { Row } from '../segment.ts'
import { decodePeriod, encodePeriod } from '../segments/dtp.ts'
import { decodeNumber } from '../segments/ref.ts'
import { decodeProfessional, encodeProfessional, type Service } from '../segments/sv1.ts'
import { decodeInstitutional, encodeInstitutional } from '../segments/sv2.ts'
import { decodeDental, encodeDental } from '../segments/sv3.ts'
import { decodeReviewKind, encodeReviewKind } from '../segments/um.ts'
import { decodeProvider, encodeProvider } from './provider.ts'

/**
 * Reads what a service line asks for: loop 2000F, but for its message, which a request and an answer use differently.
 *
 * @param number its place among the lines, from 1; the HL number says nothing about it
 */
export function decodeServiceLine(loop: Loop, number: number): ServiceLine {
  const { urgency: _, ...kind } = decodeReviewKind(segmentOf(loop, 'UM'))
  return present<ServiceLine>({
    number,
    ...decodeService(loop),
    ...kind,
    previousAuthorizationNumber: decodeNumber(segmentOf(loop, 'REF', 'BB')),
    previousAdministrativeReference: decodeNumber(segmentOf(loop, 'REF', 'NT')),
    period: decodePeriod(segmentOf(loop, 'DTP', '472')),
    providers: loopsOf(loop, '2010F').map(decodeProvider),
  })
}

function decodeService(loop: Loop): Service {
  const [sv1, sv2, sv3] = [segmentOf(loop, 'SV1'), segmentOf(loop, 'SV2'), segmentOf(loop, 'SV3')]
  const [first, second] = [sv1, sv2, sv3].filter((sv) => sv !== undefined)
  if (second !== undefined) {
    second.fault(undefined, `a line is one service; ${first?.segment.id} stands on it already`)
  }
  if (sv1 !== undefined) return decodeProfessional(sv1)
  if (sv2 !== undefined) return decodeInstitutional(sv2)
  return sv3 === undefined ? { kind: 'unspecified' } : decodeDental(sv3)
}

/**
 * Writes what a service line asks for.
 *
 * @param event gives the kind of review, which UM cannot leave out, to a line that says none
 * @param added the segments that a request or an answer adds of its own
 */
export function encodeServiceLine(line: ServiceLine, event: PatientEvent, added: readonly Row[]): Draft {
  const { category, purpose, serviceType, place } = line
  const saysKind = [category, purpose, serviceType, place].some((part) => part !== undefined)
  return {
    id: '2000F',
    segments: [
      ...(saysKind
        ? encodeReviewKind({ category: category ?? event.category, purpose, serviceType, place })
        : []),
      ...encodePeriod('472', line.period),
      ...encodeService(line),
      ...added,
    ],
    loops: line.providers.map((provider) => encodeProvider(provider, '2010F')),
  }
}

function encodeService(line: ServiceLine): readonly Row[] {
  const isEmpty = [line.procedure, line.revenueCode, line.quantity, line.amount].every(
    (part) => part === undefined,
  )
  if (isEmpty) return []
  switch (line.kind) {
    case 'professional':
      return [encodeProfessional(line)]
    case 'institutional':
      return [encodeInstitutional(line)]
    case 'dental':
      return [encodeDental(line)]
    case 'unspecified':
      return []
  }
}
