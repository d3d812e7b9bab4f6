import type { PatientEvent } from '../../../core/request.ts'
import { present } from '../absent.ts'
import type { Draft } from '../grammar/lay-out.ts'
import type { Direction } from '../grammar/rules.ts'
import { type Loop, loopsOf, segmentOf, segmentsOf } from '../grammar/walk.ts'
import { decodeFacilityAdmission, encodeFacilityAdmission } from '../segments/cl1.ts'
import { decodeAmbulance, encodeAmbulance } from '../segments/cr1.ts'
import { decodeSpinalManipulation, encodeSpinalManipulation } from '../segments/cr2.ts'
import { decodeHomeOxygen, encodeHomeOxygen } from '../segments/cr5.ts'
import { decodeHomeHealth, encodeHomeHealth } from '../segments/cr6.ts'
import { decodeConditions, encodeConditions } from '../segments/crc.ts'
import { decodeDay, decodePeriod, encodeDay, encodePeriod } from '../segments/dtp.ts'
import { decodeDiagnoses, encodeDiagnoses } from '../segments/hi.ts'
import { decodeNumber } from '../segments/ref.ts'
import { decodeTraces, encodeTraces } from '../segments/trn.ts'
import {
  type Circumstances,
  decodeCircumstances,
  decodeReviewKind,
  encodeReviewKind,
} from '../segments/um.ts'
import type { EventAdditions } from './additions.ts'
import { decodeEarlierDenial, encodeEarlierDenial } from './earlier-denial.ts'
import { decodeProvider, encodeProvider } from './provider.ts'
import { decodeServiceLine, encodeServiceLine } from './service-line.ts'
import { decodeTransportStop, encodeTransportStop, TRANSPORT_LOOPS } from './transport-stop.ts'

/**
 * Reads the care that is asked about: loop 2000E, but for HSD, PWK and MSG, which a request and an answer use differently.
 *
 * An answer may leave out the kind of review, as the published answers to inquiries do; it is then read as an initial
 * review of health services, which the caller notes.
 */
export function decodeEvent(loop: Loop | undefined, direction: Direction): PatientEvent {
  const um = segmentOf(loop, 'UM')
  const kind = decodeReviewKind(um)
  if (um !== undefined && um.text(2) === undefined)
    um.note(2, 'expected what is wanted; found nothing, read as I (initial)')
  return present<PatientEvent>({
    ...kind,
    ...decodeCircumstances(um),
    category: kind.category ?? 'health-services',
    purpose: kind.purpose ?? 'initial',
    previousAuthorizationNumber: decodeNumber(segmentOf(loop, 'REF', 'BB')),
    previousAdministrativeReference: decodeNumber(segmentOf(loop, 'REF', 'NT')),
    accidentDate: decodeDay(segmentOf(loop, 'DTP', '439')),
    lastMenstrualPeriod: decodeDay(segmentOf(loop, 'DTP', '484')),
    expectedBirth: decodeDay(segmentOf(loop, 'DTP', 'ABC')),
    onsetDate: decodeDay(segmentOf(loop, 'DTP', '431')),
    period: decodePeriod(segmentOf(loop, 'DTP', 'AAH')),
    admission: decodePeriod(segmentOf(loop, 'DTP', '435')),
    dischargeDate: decodeDay(segmentOf(loop, 'DTP', '096')),
    diagnoses: decodeDiagnoses(segmentOf(loop, 'HI')),
    conditions: decodeConditions(segmentsOf(loop, 'CRC')),
    facilityAdmission: decodeFacilityAdmission(segmentOf(loop, 'CL1')),
    ambulance: decodeAmbulance(segmentOf(loop, 'CR1')),
    transportStops: loopsOf(loop, TRANSPORT_LOOPS[direction]).map(decodeTransportStop),
    spinalManipulation: decodeSpinalManipulation(segmentOf(loop, 'CR2')),
    homeOxygen: decodeHomeOxygen(segmentOf(loop, 'CR5')),
    homeHealth: decodeHomeHealth(segmentOf(loop, 'CR6')),
    earlierDenials: direction === 'request' ? decodeEarlierDenials(loop) : undefined,
    traces: decodeTraces(segmentsOf(loop, 'TRN'), direction),
    providers: loopsOf(loop, '2010EA').map(decodeProvider),
    lines: loopsOf(loop, '2000F').map((line, index) => decodeServiceLine(line, index + 1, direction)),
  })
}

/** Loop 2010EC of a request; in an answer it is a stop of a journey. */
function decodeEarlierDenials(loop: Loop | undefined): PatientEvent['earlierDenials'] {
  const denials = loopsOf(loop, '2010EC').map(decodeEarlierDenial)
  return denials.length === 0 ? undefined : denials
}

/** @param direction an answer repeats less, and has other loops for the stops of a journey */
export function encodeEvent(event: PatientEvent, direction: Direction, added: EventAdditions): Draft {
  return {
    id: '2000E',
    segments: [
      ...encodeTraces(event.traces, direction),
      ...encodeReviewKind(
        {
          category: event.category,
          purpose: event.purpose,
          serviceType: event.serviceType,
          place: event.place,
        },
        circumstancesIn(event, direction),
      ),
      ...encodeDay('439', event.accidentDate),
      ...encodeDay('484', event.lastMenstrualPeriod),
      ...encodeDay('ABC', event.expectedBirth),
      ...encodeDay('431', event.onsetDate),
      ...encodePeriod('AAH', event.period),
      ...encodePeriod('435', event.admission),
      ...encodeDay('096', event.dischargeDate),
      ...encodeDiagnoses(event.diagnoses),
      ...encodeConditions(event.conditions),
      ...encodeFacilityAdmission(event.facilityAdmission),
      ...encodeAmbulance(event.ambulance),
      ...encodeSpinalManipulation(event.spinalManipulation),
      ...encodeHomeOxygen(event.homeOxygen),
      ...encodeHomeHealth(event.homeHealth),
      ...added.event,
    ],
    loops: [
      ...event.providers.map((provider, index) =>
        encodeProvider(provider, '2010EA', added.provider?.(index + 1)),
      ),
      ...event.transportStops.map((stop, index) =>
        encodeTransportStop(stop, TRANSPORT_LOOPS[direction], added.stop?.(index + 1)),
      ),
      ...(direction === 'request' ? (event.earlierDenials ?? []).map(encodeEarlierDenial) : []),
      ...(added.eventLoops ?? []),
      ...event.lines.map((line) => encodeServiceLine(line, event, direction, added)),
    ],
  }
}

/** An answer repeats how urgent it is; the rest of UM05 to UM10 is what the answer of the compatible API leaves out too. */
function circumstancesIn(event: PatientEvent, direction: Direction): Circumstances {
  const { relatedCauses, urgency, currentCondition, prognosis, releaseOfInformation, delayReason } = event
  return direction === 'answer'
    ? present<Circumstances>({ urgency })
    : present<Circumstances>({
        relatedCauses,
        urgency,
        currentCondition,
        prognosis,
        releaseOfInformation,
        delayReason,
      })
}
