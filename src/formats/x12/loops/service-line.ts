import type { PatientEvent, ServiceLine } from '../../../core/request.ts'
import type { Draft } from '../grammar/lay-out.ts'
import type { Direction } from '../grammar/rules.ts'
import { type Loop, loopsOf, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Growing } from '../reading/index.ts'
import { decodePeriod, encodePeriod } from '../segments/dtp.ts'
import { decodeNumber } from '../segments/ref.ts'
import { encodeProfessional, putProfessional } from '../segments/sv1.ts'
import { encodeInstitutional, putInstitutional } from '../segments/sv2.ts'
import { encodeDental, putDental } from '../segments/sv3.ts'
import { decodeTeeth, encodeTeeth } from '../segments/too.ts'
import { decodeTraces, encodeTraces } from '../segments/trn.ts'
import { encodeReviewKind, putReviewKind } from '../segments/um.ts'
import type { Row } from '../text/index.ts'
import type { EventAdditions } from './additions.ts'
import { decodeProvider, encodeProvider } from './provider.ts'

/**
 * Reads what a service line asks for: loop 2000F, but for HSD, PWK and MSG, which a request and an answer use differently.
 *
 * @param number its place among the lines, from 1; the HL number says nothing about it
 */
export function decodeServiceLine(loop: Loop, number: number, direction: Direction): Growing<ServiceLine> {
  const line: Growing<ServiceLine> = { number, kind: 'unspecified', providers: [] }
  putService(line, loop)
  putReviewKind(line, segmentOf(loop, 'UM'))
  const authorizationNumber = decodeNumber(segmentOf(loop, 'REF', 'BB'))
  const administrativeReference = decodeNumber(segmentOf(loop, 'REF', 'NT'))
  const period = decodePeriod(segmentOf(loop, 'DTP', '472'))
  const teeth = decodeTeeth(segmentsOf(loop, 'TOO'))
  const traces = decodeTraces(segmentsOf(loop, 'TRN'), direction)
  if (authorizationNumber !== undefined) line.previousAuthorizationNumber = authorizationNumber
  if (administrativeReference !== undefined) line.previousAdministrativeReference = administrativeReference
  if (period !== undefined) line.period = period
  if (teeth !== undefined) line.teeth = teeth
  if (traces !== undefined) line.traces = traces
  line.providers = loopsOf(loop, '2010F').map(decodeProvider)
  return line
}

function putService(line: Growing<ServiceLine>, loop: Loop): void {
  const [sv1, sv2, sv3] = [segmentOf(loop, 'SV1'), segmentOf(loop, 'SV2'), segmentOf(loop, 'SV3')]
  const first = sv1 ?? sv2 ?? sv3
  const second = sv1 === undefined ? sv2 && sv3 : (sv2 ?? sv3)
  if (second !== undefined) {
    second.fault(undefined, `a line is one service; ${first?.segment.id} stands on it already`)
  }
  if (sv1 !== undefined) putProfessional(line, sv1)
  else if (sv2 !== undefined) putInstitutional(line, sv2)
  else if (sv3 !== undefined) putDental(line, sv3)
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
