import type { PatientEvent, ServiceLine } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { Draft } from '../grammar/lay-out.ts'
import { type Loop, loopsOf, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Row } from '../segment.ts'
import { decodeAmbulance, encodeAmbulance } from '../segments/cr1.ts'
import { decodeConditions, encodeConditions } from '../segments/crc.ts'
import { decodeDay, decodePeriod, encodeDay, encodePeriod } from '../segments/dtp.ts'
import { decodeDiagnoses, encodeDiagnoses } from '../segments/hi.ts'
import { decodeNumber } from '../segments/ref.ts'
import { decodeReviewKind, encodeReviewKind } from '../segments/um.ts'
import { decodeProvider, encodeProvider } from './provider.ts'
import { decodeServiceLine, encodeServiceLine } from './service-line.ts'
import { decodeTransportStop, encodeTransportStop, TRANSPORT_LOOPS } from './transport-stop.ts'

/**
 * Reads the care that is asked about: loop 2000E, but for its message, which a request and an answer use differently.
 *
 * An answer may leave out the kind of review, as the published answers to inquiries do; it is then read as an initial
 * review of health services, which the caller notes.
 */
export function decodeEvent(loop: Loop | undefined): PatientEvent {
  const um = segmentOf(loop, 'UM')
  const kind = decodeReviewKind(um)
  if (um !== undefined && um.text(2) === undefined)
    um.note(2, 'expected what is wanted; found nothing, read as I (initial)')
  return present<PatientEvent>({
    ...kind,
    category: kind.category ?? 'health-services',
    purpose: kind.purpose ?? 'initial',
    previousAuthorizationNumber: decodeNumber(segmentOf(loop, 'REF', 'BB')),
    previousAdministrativeReference: decodeNumber(segmentOf(loop, 'REF', 'NT')),
    accidentDate: decodeDay(segmentOf(loop, 'DTP', '439')),
    onsetDate: decodeDay(segmentOf(loop, 'DTP', '431')),
    period: decodePeriod(segmentOf(loop, 'DTP', 'AAH')),
    admission: decodePeriod(segmentOf(loop, 'DTP', '435')),
    dischargeDate: decodeDay(segmentOf(loop, 'DTP', '096')),
    diagnoses: decodeDiagnoses(segmentOf(loop, 'HI')),
    conditions: decodeConditions(segmentsOf(loop, 'CRC')),
    ambulance: decodeAmbulance(segmentOf(loop, 'CR1')),
    transportStops: Object.values(TRANSPORT_LOOPS).flatMap((id) =>
      loopsOf(loop, id).filter(isTransportStop).map(decodeTransportStop),
    ),
    providers: loopsOf(loop, '2010EA').map(decodeProvider),
    lines: loopsOf(loop, '2000F').map((line, index) => decodeServiceLine(line, index + 1)),
  })
}

/** Loop 2010EB is a contact in an answer, and 2010EC another organization in a request. */
function isTransportStop(loop: Loop): boolean {
  return loop.rule.segments[0]?.qualifiers?.includes('PW') ?? false
}

/** What a request or an answer adds of its own to an event and to each of its lines. */
export interface EventAdditions {
  readonly event: readonly Row[]
  readonly line: (line: ServiceLine) => readonly Row[]
}

/** @param direction which of the loops for transport stops the guide has */
export function encodeEvent(
  event: PatientEvent,
  direction: keyof typeof TRANSPORT_LOOPS,
  added: EventAdditions,
): Draft {
  return {
    id: '2000E',
    segments: [
      ...encodeReviewKind({
        category: event.category,
        purpose: event.purpose,
        serviceType: event.serviceType,
        place: event.place,
        urgency: event.urgency,
      }),
      ...encodeDay('439', event.accidentDate),
      ...encodeDay('431', event.onsetDate),
      ...encodePeriod('AAH', event.period),
      ...encodePeriod('435', event.admission),
      ...encodeDay('096', event.dischargeDate),
      ...encodeDiagnoses(event.diagnoses),
      ...encodeConditions(event.conditions),
      ...encodeAmbulance(event.ambulance),
      ...added.event,
    ],
    loops: [
      ...event.providers.map((provider) => encodeProvider(provider, '2010EA')),
      ...event.transportStops.map((stop) => encodeTransportStop(stop, TRANSPORT_LOOPS[direction])),
      ...event.lines.map((line) => encodeServiceLine(line, event, added.line(line))),
    ],
  }
}
