/** The care that a request of `/v1` is about: the event, and its service lines. */
import { Type } from 'typebox'
import {
  ADDRESS,
  ATTACHMENTS,
  code,
  DELIVERY,
  day,
  decimal,
  list,
  maybe,
  name,
  oneOf,
  PLACE,
  PROVIDER,
  part,
  partial,
  period,
  QUANTITY,
  reference,
  TRACES,
  words,
  yesOrNo,
} from './request-parts.ts'

export const CATEGORY = oneOf(
  ['health-services', 'admission', 'specialty-care', 'reservation'],
  'What kind of review is asked for (X12 UM01).',
)
export const PURPOSE = oneOf(
  [
    'initial',
    'renewal',
    'revised',
    'extension',
    'cancel',
    'appeal-immediate',
    'appeal-standard',
    'notification',
    'verification',
    'reconsideration',
  ],
  'What the request wants to happen (X12 UM02); `initial` if absent.',
)
const URGENCY = oneOf(
  ['emergency', 'urgent', 'elective'],
  'How pressing it is (X12 UM06): it picks the clock.',
)

const EARLIER = {
  previousAuthorizationNumber: maybe(
    reference("The payer's number of an earlier certification (X12 REF `BB`)."),
  ),
  previousAdministrativeReference: maybe(
    reference("The payer's number of an earlier request (X12 REF `NT`)."),
  ),
}
const SERVICE_TYPE = maybe(words(2, 'The type of service, by its code (X12 UM03).'))
const MESSAGE = maybe(words(264, 'A note for people (X12 MSG01).'))

export const LINE = {
  number: Type.Integer({ minimum: 1, maximum: 99, description: 'Its place in the list, from 1.' }),
  kind: maybe(
    oneOf(
      ['professional', 'institutional', 'dental', 'unspecified'],
      'What sort of service it is (X12 SV1, SV2, SV3); told by what the line has, if absent.',
    ),
  ),
  category: maybe(CATEGORY),
  purpose: maybe(PURPOSE),
  serviceType: SERVICE_TYPE,
  place: maybe(PLACE),
  ...EARLIER,
  period: maybe(period('When the service is given (X12 DTP 472).')),
  procedure: maybe(
    part('Procedure', 'A procedure, drug or supply, by its code.', {
      system: code('Which list the code is of (X12 235): `HC` is HCPCS, which holds the CPT codes too.'),
      code: words(48, 'The code.'),
      until: maybe(words(48, 'The last code of a range that begins with `code`.')),
      modifiers: maybe(list(words(2, 'A modifier.'), 4, 'In the order sent.')),
      description: maybe(words(80, 'What it is, in words.')),
    }),
  ),
  revenueCode: maybe(words(48, 'The revenue code of an institutional service (X12 SV201).')),
  quantity: maybe(QUANTITY),
  amount: maybe(decimal('US dollars.')),
  rate: maybe(decimal('US dollars for each unit, of an institutional service (X12 SV206).')),
  diagnosisPointers: maybe(
    list(
      Type.String({
        pattern: '^([1-9]|1[0-2])$',
        'x-expected': 'the number of a diagnosis, 1 to 12, such as 1',
        description: 'The place of a diagnosis, from 1.',
      }),
      4,
      "Which of the event's diagnoses it is for (X12 SV107).",
    ),
  ),
  screening: maybe(yesOrNo('Whether it came of an early and periodic screening of a child (X12 SV111).')),
  nursingHomeLevel: maybe(code('The level of care in a nursing home (X12 SV120, SV210).')),
  nursingHomeStatus: maybe(code('Whether and how the patient lives in a nursing home (X12 SV209).')),
  oralCavities: maybe(list(code('A part of the mouth.'), 5, 'Of a dental service (X12 SV304).')),
  prosthesis: maybe(code('Whether a prosthesis, crown or inlay is the first (X12 SV305).')),
  dentalDescription: maybe(words(80, 'What a dental service is, in words (X12 SV307).')),
  teeth: maybe(
    list(
      part('Tooth', 'A tooth, and those of its surfaces that are meant (X12 TOO).', {
        code: code('By the universal national numbering system (X12 TOO02).'),
        surfaces: list(code('A surface.'), 5, 'In the order sent (X12 TOO03).'),
      }),
      32,
      'Of a dental service.',
    ),
  ),
  delivery: maybe(DELIVERY),
  attachments: maybe(ATTACHMENTS),
  traces: maybe(TRACES),
  message: MESSAGE,
  providers: maybe(list(PROVIDER, 12, 'Those who give the service.')),
}

const DIAGNOSES = list(
  part(
    'Diagnosis',
    'A diagnosis, or another fact named beside them: a group (DRG), a finding (LOINC) (X12 HI).',
    {
      role: oneOf(['principal', 'admitting', 'reason-for-visit', 'other'], 'What it is to the event.'),
      system: oneOf(['icd-10', 'icd-9', 'drg', 'loinc'], 'Which list the code is of.'),
      code: code('With or without its point.'),
      date: maybe(day('When it was found.')),
    },
  ),
  12,
  'The principal one first, where one is named.',
)

const CONDITIONS = list(
  part('Condition', 'Facts that a payer asks for before it certifies a kind of service (X12 CRC).', {
    category: oneOf(
      [
        'ambulance',
        'chiropractic',
        'durable-medical-equipment',
        'oxygen-therapy',
        'functional-limitations',
        'activities-permitted',
        'mental-status',
      ],
      'What they are about (X12 CRC01).',
    ),
    applies: Type.Boolean({ description: 'Whether the conditions named by `codes` are met (X12 CRC02).' }),
    codes: list(code('A condition.'), 5, 'X12 CRC03 to CRC07.'),
  }),
  9,
  'Facts by category.',
)

const AMBULANCE = partial('Ambulance', 'An ambulance journey (X12 CR1).', {
  patientWeight: decimal('Pounds.'),
  transportCode: code('What kind of journey it is (X12 CR103).'),
  reasonCode: code('Why it is needed (X12 CR104).'),
  distance: decimal('Miles.'),
  roundTripPurpose: words(80, 'Why there and back.'),
  stretcherPurpose: words(80, 'Why lying down.'),
})

const STOPS = list(
  part('TransportStop', 'A stop on an ambulance journey (X12 loop 2010EB of a request).', {
    role: oneOf(
      ['pick-up', 'next-destination', 'next-scheduled', 'final-scheduled', 'drop-off'],
      'What it is to the journey.',
    ),
    name: maybe(name('What is there.')),
    address: maybe(ADDRESS),
  }),
  5,
  'In the order travelled.',
)

const SPINAL_MANIPULATION = partial('SpinalManipulation', 'A series of chiropractic treatments (X12 CR2).', {
  seriesNumber: decimal('Which treatment of the series this is.'),
  treatmentCount: decimal('How many treatments the series has.'),
  levelFrom: code('The first vertebra that is out of place.'),
  levelUntil: code('The last one.'),
  condition: code('The nature of the condition (X12 CR208).'),
  complicated: yesOrNo('Whether it is complicated.'),
  description: words(80, 'The condition, in words.'),
  furtherDescription: words(80, 'More of it.'),
  xrayAvailable: yesOrNo('Whether there are X-ray images.'),
})

const HOME_OXYGEN = part('HomeOxygen', 'Oxygen at home (X12 CR5).', {
  equipment: maybe(code('X12 CR503.')),
  secondEquipment: maybe(code('X12 CR504.')),
  systemType: maybe(code('The system as a whole (X12 CR518).')),
  equipmentReason: maybe(words(80, 'Why it is needed.')),
  flowRate: maybe(words(80, 'Litres a minute; a decimal number, or words where there is none.')),
  dailyUses: maybe(decimal('Times a day.')),
  hoursPerUse: maybe(decimal('Hours of each use.')),
  therapistOrder: maybe(words(80, 'What the therapist ordered.')),
  arterialBloodGas: maybe(decimal('Millimetres of mercury.')),
  saturation: maybe(decimal('Per cent.')),
  testCondition: maybe(code('Under which condition it was tested.')),
  testFindings: list(code('A finding.'), 3, 'In the order sent.'),
  portableFlowRate: maybe(decimal('Litres a minute.')),
  deliverySystem: maybe(code('How it is given (X12 CR517).')),
})

const HOME_HEALTH = partial('HomeHealth', 'Care at home (X12 CR6).', {
  prognosis: code('How it is expected to go on.'),
  startDate: day('When the care began.'),
  certificationPeriod: period('The days that are certified.'),
  medicareCoverage: yesOrNo('Whether Medicare covers it.'),
  certificationType: code('As `purpose`, by its code (X12 1322).'),
  surgeryDate: day('When the patient was operated on.'),
  surgicalProcedureSystem: code('Which list `surgicalProcedure` is of.'),
  surgicalProcedure: code('The operation.'),
  orderDate: day('When the physician ordered it.'),
  lastVisitDate: day('When the physician last saw the patient.'),
  physicianContactDate: day('When the physician was last spoken to.'),
  lastAdmission: period('The last stay as an inpatient.'),
  patientLocation: code('Where the patient was then.'),
})

/** What may be said of an event beside its purpose and the numbers of an earlier case. */
export const EVENT = {
  serviceType: SERVICE_TYPE,
  place: maybe(PLACE),
  urgency: maybe(URGENCY),
  relatedCauses: maybe(
    part('RelatedCauses', 'What brought the care about: an accident, somebody else (X12 UM05).', {
      codes: list(code('A cause.'), 3, 'In the order sent.'),
      state: maybe(words(2, 'Where an accident with a motor vehicle happened.')),
      country: maybe(words(3, 'The country, where it is another.')),
    }),
  ),
  currentCondition: maybe(code('How the patient is now (X12 UM07).')),
  prognosis: maybe(code('How it is expected to go on (X12 UM08).')),
  releaseOfInformation: maybe(code('Whether the patient agreed that information is passed on (X12 UM09).')),
  delayReason: maybe(code('Why the request comes late (X12 UM10).')),
  accidentDate: maybe(day('When an accident happened (X12 DTP 439).')),
  lastMenstrualPeriod: maybe(day('The first day of the last menstrual period (X12 DTP 484).')),
  expectedBirth: maybe(day('The day on which a birth is expected (X12 DTP ABC).')),
  onsetDate: maybe(day('When the illness or its symptoms began (X12 DTP 431).')),
  period: maybe(period('When the care is given (X12 DTP AAH).')),
  admission: maybe(period('When the patient is admitted (X12 DTP 435).')),
  dischargeDate: maybe(day('When the patient leaves (X12 DTP 096).')),
  diagnoses: maybe(DIAGNOSES),
  conditions: maybe(CONDITIONS),
  delivery: maybe(DELIVERY),
  facilityAdmission: maybe(
    partial('FacilityAdmission', 'An admission to an institution (X12 CL1).', {
      type: code('X12 CL101.'),
      source: code('Where the patient comes from (X12 CL102).'),
      patientStatus: code('X12 CL103.'),
      nursingHomeStatus: code('X12 CL104.'),
    }),
  ),
  ambulance: maybe(AMBULANCE),
  transportStops: maybe(STOPS),
  spinalManipulation: maybe(SPINAL_MANIPULATION),
  homeOxygen: maybe(HOME_OXYGEN),
  homeHealth: maybe(HOME_HEALTH),
  attachments: maybe(ATTACHMENTS),
  earlierDenials: maybe(
    list(
      part(
        'EarlierDenial',
        'Another organization that denied the same before (X12 loop 2010EC of a request).',
        {
          by: code('What kind of organization it is (X12 98).'),
          name: maybe(name('Its name.')),
          reasons: list(code('A reason.'), 4, 'In the order sent.'),
          deniedOn: maybe(day('When it denied.')),
        },
      ),
      3,
      'What others denied before.',
    ),
  ),
  traces: maybe(TRACES),
  message: MESSAGE,
  providers: maybe(list(PROVIDER, 14, 'Those who take part in the care.')),
  lines: maybe(
    list(
      part('ServiceLine', 'One thing that approval is asked for (X12 loop 2000F).', LINE),
      99,
      'What is asked for, line by line; without any, the event as a whole.',
    ),
  ),
}

/** What an event says of itself: what is asked, and about which earlier case. */
export const CASE = { category: CATEGORY, purpose: maybe(PURPOSE), ...EARLIER }
