import type { PatientEvent, ServiceLine } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { Draft } from '../grammar/lay-out.ts'
import type { Direction } from '../grammar/rules.ts'
import { type Loop, loopsOf, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Row } from '../segment.ts'
import { decodePeriod, encodePeriod } from '../segments/dtp.ts'
import { decodeNumber } from '../segments/ref.ts'
import { decodeProfessional, encodeProfessional, type Service } from '../segments/sv1.ts'
import { decodeInstitutional, encodeInstitutional } from '../segments/sv2.ts'
import { decodeDental, encodeDental } from '../segments/sv3.ts'
import { decodeTeeth, encodeTeeth } from '../segments/too.ts'
import { decodeTraces, encodeTraces } from '../segments/trn.ts'
import { decodeReviewKind, encodeReviewKind } from '../segments/um.ts'
import type { EventAdditions } from './additions.ts'
import { decodeProvider, encodeProvider } from './provider.ts'

/**
 * Reads what a service line asks for: loop 2000F, but for HSD, PWK and MSG, which a request and an answer use differently.
 *
 * @param number its place among the lines, from 1; the HL number says nothing about it
 */
export function decodeServiceLine(loop: Loop, number: number, direction: Direction): ServiceLine {
  return present<ServiceLine>({
    number,
    ...decodeService(loop),
    ...decodeReviewKind(segmentOf(loop, 'UM')),
    previousAuthorizationNumber: decodeNumber(segmentOf(loop, 'REF', 'BB')),
    previousAdministrativeReference: decodeNumber(segmentOf(loop, 'REF', 'NT')),
    period: decodePeriod(segmentOf(loop, 'DTP', '472')),
    teeth: decodeTeeth(segmentsOf(loop, 'TOO')),
    traces: decodeTraces(segmentsOf(loop, 'TRN'), direction),
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
 * @param added what a request or an answer adds of its own
 */
export function encodeServiceLine(
  line: ServiceLine,
  event: PatientEvent,
  direction: Direction,
  added: EventAdditions,
): Draft {
  const { category, purpose, serviceType, place } = line
  const saysKind = [category, purpose, serviceType, place].some((part) => part !== undefined)
  return {
    id: '2000F',
    segments: [
      ...encodeTraces(line.traces, direction),
      ...(saysKind
        ? encodeReviewKind({ category: category ?? event.category, purpose, serviceType, place })
        : []),
      ...encodePeriod('472', line.period),
      ...encodeService(line),
      ...encodeTeeth(line.teeth),
      ...added.line(line),
    ],
    loops: [
      ...line.providers.map((provider, index) =>
        encodeProvider(provider, '2010F', added.provider?.(index + 1, line)),
      ),
      ...(added.lineLoops?.(line) ?? []),
    ],
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
