import type { PatientEvent } from '../../../core/request.ts'
import type { Draft } from '../grammar/lay-out.ts'
import type { Direction } from '../grammar/rules.ts'
import { type Loop, loopsOf, segmentOf, segmentsOf } from '../grammar/walk.ts'
import { type Growing, present } from '../reading/index.ts'
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
import { type Circumstances, encodeReviewKind, putCircumstances, putReviewKind } from '../segments/um.ts'
import type { EventAdditions } from './additions.ts'
import { putAsked } from './asked.ts'
import { decodeEarlierDenial, encodeEarlierDenial } from './earlier-denial.ts'
import { decodeProvider, encodeProvider } from './provider.ts'
import { decodeServiceLine, encodeServiceLine } from './service-line.ts'
import { decodeTransportStop, encodeTransportStop, TRANSPORT_LOOPS } from './transport-stop.ts'

/**
 * Reads the care that is asked about: loop 2000E. HSD, PWK and MSG are read here of a request alone: an answer uses them for
 * something else.
 *
 * An answer may leave out the kind of review, as the published answers to inquiries do; it is then read as an initial
 * review of health services, which the caller notes.
 */
export function decodeEvent(loop: Loop | undefined, direction: Direction): PatientEvent {
  const um = segmentOf(loop, 'UM')
  const event: Growing<PatientEvent> = {
    category: 'health-services',
    purpose: 'initial',
    diagnoses: NONE,
    conditions: NONE,
    transportStops: NONE,
    providers: NONE,
    lines: NONE,
  }
  putReviewKind(event, um)
  if (um !== undefined && um.text(2) === undefined)
    um.note(2, 'expected what is wanted; found nothing, read as I (initial)')
  putCircumstances(event, um)
  putNumbersAndDays(event, loop)
  event.diagnoses = decodeDiagnoses(segmentOf(loop, 'HI'))
  event.conditions = decodeConditions(segmentsOf(loop, 'CRC'))
  putFactsOfServices(event, loop, direction)
  const denials = direction === 'request' ? decodeEarlierDenials(loop) : undefined
  if (denials !== undefined) event.earlierDenials = denials
  const traces = decodeTraces(segmentsOf(loop, 'TRN'), direction)
  if (traces !== undefined) event.traces = traces
  event.providers = loopsOf(loop, '2010EA').map(decodeProvider)
  const lineLoops = loopsOf(loop, '2000F')
  const lines = lineLoops.map((line, index) => decodeServiceLine(line, index + 1, direction))
  event.lines = lines
  if (direction === 'request') {
    putAsked(event, loop)
    lines.forEach((line, index) => {
      putAsked(line, lineLoops[index])
    })
  }
  return event
}

const NONE: readonly never[] = []

/** REF and DTP. */
function putNumbersAndDays(event: Growing<PatientEvent>, loop: Loop | undefined): void {
  const authorizationNumber = decodeNumber(segmentOf(loop, 'REF', 'BB'))
  const administrativeReference = decodeNumber(segmentOf(loop, 'REF', 'NT'))
  const accidentDate = decodeDay(segmentOf(loop, 'DTP', '439'))
  const lastMenstrualPeriod = decodeDay(segmentOf(loop, 'DTP', '484'))
  const expectedBirth = decodeDay(segmentOf(loop, 'DTP', 'ABC'))
  const onsetDate = decodeDay(segmentOf(loop, 'DTP', '431'))
  const period = decodePeriod(segmentOf(loop, 'DTP', 'AAH'))
  const admission = decodePeriod(segmentOf(loop, 'DTP', '435'))
  const dischargeDate = decodeDay(segmentOf(loop, 'DTP', '096'))
  if (authorizationNumber !== undefined) event.previousAuthorizationNumber = authorizationNumber
  if (administrativeReference !== undefined) event.previousAdministrativeReference = administrativeReference
  if (accidentDate !== undefined) event.accidentDate = accidentDate
  if (lastMenstrualPeriod !== undefined) event.lastMenstrualPeriod = lastMenstrualPeriod
  if (expectedBirth !== undefined) event.expectedBirth = expectedBirth
  if (onsetDate !== undefined) event.onsetDate = onsetDate
  if (period !== undefined) event.period = period
  if (admission !== undefined) event.admission = admission
  if (dischargeDate !== undefined) event.dischargeDate = dischargeDate
}

/** CL1 to CR6, and the stops of a journey. */
function putFactsOfServices(
  event: Growing<PatientEvent>,
  loop: Loop | undefined,
  direction: Direction,
): void {
  const facilityAdmission = decodeFacilityAdmission(segmentOf(loop, 'CL1'))
  const ambulance = decodeAmbulance(segmentOf(loop, 'CR1'))
  event.transportStops = loopsOf(loop, TRANSPORT_LOOPS[direction]).map(decodeTransportStop)
  const spinalManipulation = decodeSpinalManipulation(segmentOf(loop, 'CR2'))
  const homeOxygen = decodeHomeOxygen(segmentOf(loop, 'CR5'))
  const homeHealth = decodeHomeHealth(segmentOf(loop, 'CR6'))
  if (facilityAdmission !== undefined) event.facilityAdmission = facilityAdmission
  if (ambulance !== undefined) event.ambulance = ambulance
  if (spinalManipulation !== undefined) event.spinalManipulation = spinalManipulation
  if (homeOxygen !== undefined) event.homeOxygen = homeOxygen
  if (homeHealth !== undefined) event.homeHealth = homeHealth
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
