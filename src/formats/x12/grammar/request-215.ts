import { type LoopRule, MANY, required, situational, type TransactionRule } from './rules.ts'

const lineProvider: LoopRule = {
  id: '2010F',
  meaning: 'a provider of the service',
  isRequired: false,
  max: MANY,
  segments: [
    required('NM1*71|72|73|77|1T|AAJ|DD|DK|DN|DQ|FA|G3|P3|QB|QV|SJ', 1, 'role, name and first number'),
    situational('REF*0B|1G|1J|EI|G5|N5|N7|SY|ZH', 9, 'further numbers'),
    situational('N3', 1, 'street address'),
    situational('N4', 1, 'city, state, postal code, country'),
    situational('PER*IC', 3, 'whom to call'),
    situational('PRV', 1, 'part played and taxonomy'),
  ],
  loops: [],
}

const serviceLine: LoopRule = {
  id: '2000F',
  level: 'SS',
  meaning: 'a service line',
  isRequired: false,
  max: MANY,
  segments: [
    situational('TRN', 3, 'tracking numbers'),
    situational('UM', 1, 'what kind of review, where it differs from the event'),
    situational('HCR', 1, 'only services decided so'),
    situational('REF*BB', 1, 'authorization number given before'),
    situational('REF*NT', 1, 'administrative reference given before'),
    situational('DTP*472', 1, 'days of service'),
    situational('DTP*102', 1, 'only those issued then'),
    situational('DTP*036', 1, 'only those that end then'),
    situational('DTP*007', 1, 'only those in effect then'),
    situational('SV1', 1, 'professional service'),
    situational('SV2', 1, 'institutional service'),
    situational('SV3', 1, 'dental service'),
    situational('TOO', 32, 'teeth'),
  ],
  loops: [lineProvider],
}

const eventProvider: LoopRule = {
  id: '2010EA',
  meaning: 'a provider of the event',
  isRequired: false,
  max: MANY,
  segments: [
    required('NM1*71|72|73|77|1T|AAJ|DD|DK|DN|DQ|FA|G3|P3|QB|QV|SJ', 1, 'role, name and first number'),
    situational('REF*0B|1G|1J|EI|G5|N5|N7|SY|ZH', 9, 'further numbers'),
    situational('N3', 1, 'street address'),
    situational('N4', 1, 'city, state, postal code, country'),
    situational('PER*IC', 3, 'whom to call'),
    situational('PRV', 1, 'part played and taxonomy'),
  ],
  loops: [],
}

const event: LoopRule = {
  id: '2000E',
  level: 'EV',
  meaning: 'the patient event',
  isRequired: false,
  max: 1,
  segments: [
    situational('TRN', 3, 'tracking numbers'),
    required('UM', 1, 'what kind of review, of what, where'),
    situational('HCR', 1, 'only events decided so'),
    situational('REF*BB', 1, 'authorization number given before'),
    situational('REF*NT', 1, 'administrative reference given before'),
    situational('DTP*439', 1, 'accident'),
    situational('DTP*AAH', 1, 'days of the event'),
    situational('DTP*435', 1, 'days of the admission'),
    situational('DTP*096', 1, 'discharge'),
    situational('DTP*102', 1, 'only those issued then'),
    situational('DTP*036', 1, 'only those that end then'),
    situational('DTP*007', 1, 'only those in effect then'),
    situational('DTP*881', 1, 'only those asked for then'),
    situational('HI', 1, 'diagnoses'),
  ],
  loops: [eventProvider, serviceLine],
}

const dependent: LoopRule = {
  id: '2000D',
  level: '23',
  meaning: 'the dependent who is the patient',
  isRequired: false,
  max: 1,
  segments: [],
  loops: [
    {
      id: '2010D',
      meaning: 'who the dependent is',
      isRequired: true,
      max: 1,
      segments: [
        required('NM1*QC', 1, 'name'),
        situational('REF*A6|EJ|SY', 9, 'further numbers'),
        situational('N3', 1, 'street address'),
        situational('N4', 1, 'city, state, postal code, country'),
        situational('DMG', 1, 'birth and gender'),
        situational('INS', 1, 'relationship to the subscriber'),
      ],
      loops: [],
    },
    event,
  ],
}

const subscriber: LoopRule = {
  id: '2000C',
  level: '22',
  meaning: 'the subscriber',
  isRequired: true,
  max: 1,
  segments: [],
  loops: [
    {
      id: '2010C',
      meaning: 'who the subscriber is',
      isRequired: true,
      max: 1,
      segments: [
        required('NM1*IL', 1, 'name and member number'),
        situational('REF*1L|3L|6P|DP|EJ|F6|HJ|IG|N6|NQ|SY', 9, 'further numbers'),
        situational('N3', 1, 'street address'),
        situational('N4', 1, 'city, state, postal code, country'),
        situational('DMG', 1, 'birth and gender'),
        situational('INS', 1, 'that this is the insured person'),
      ],
      loops: [],
    },
    dependent,
    event,
  ],
}

const requester: LoopRule = {
  id: '2000B',
  level: '21',
  meaning: 'the requester',
  isRequired: true,
  max: 1,
  segments: [],
  loops: [
    {
      id: '2010B',
      meaning: 'who the requester is',
      isRequired: true,
      max: 1,
      segments: [
        required('NM1*1P|2A|2B|36|FA|PR|X3', 1, 'kind, name and first number'),
        situational('REF*1G|1J|EI|G5|N5|N7|SY|TJ|ZH', 9, 'further numbers'),
        situational('N3', 1, 'street address'),
        situational('N4', 1, 'city, state, postal code, country'),
        situational('PER*IC', 2, 'whom to call'),
        situational('PRV', 1, 'part played and taxonomy'),
      ],
      loops: [],
    },
    subscriber,
  ],
}

const payer: LoopRule = {
  id: '2000A',
  level: '20',
  meaning: 'the payer, or whoever reviews for it',
  isRequired: true,
  max: 1,
  segments: [],
  loops: [
    {
      id: '2010A',
      meaning: 'who the payer is',
      isRequired: true,
      max: 1,
      segments: [required('NM1*PR|X3', 1, 'name and number')],
      loops: [],
    },
    requester,
  ],
}

/**
 * "What became of this?"
 *
 * @see 005010X215, request
 */
export const REQUEST_215: TransactionRule = {
  guide: '215',
  direction: 'request',
  purpose: '28',
  body: {
    id: '278',
    meaning: 'the transaction',
    isRequired: true,
    max: 1,
    segments: [required('BHT', 1, 'purpose, number and moment')],
    loops: [payer],
  },
}
