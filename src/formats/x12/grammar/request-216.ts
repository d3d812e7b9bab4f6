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
    situational('REF*BB', 1, 'authorization number given before'),
    situational('REF*NT', 1, 'administrative reference given before'),
    situational('DTP*472', 1, 'days of service'),
    situational('SV1', 1, 'professional service'),
    situational('SV2', 1, 'institutional service'),
    situational('SV3', 1, 'dental service'),
    situational('TOO', 32, 'teeth'),
    situational('HSD', 1, 'how much, how often'),
    situational('PWK', 10, 'documents sent beside'),
    situational('MSG', 1, 'words for people'),
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

const transportStop: LoopRule = {
  id: '2010EB',
  meaning: 'a stop on an ambulance journey',
  isRequired: false,
  max: 5,
  segments: [
    required('NM1*PW|ND|R3|FS|45', 1, 'which stop, and its name'),
    situational('N3', 1, 'street address'),
    situational('N4', 1, 'city, state, postal code, country'),
  ],
  loops: [],
}

const otherUmo: LoopRule = {
  id: '2010EC',
  meaning: 'another organization that denied this before',
  isRequired: false,
  max: 3,
  segments: [
    required('NM1*00|CA|I3|PRP|SEP|TTP|X3|Y2', 1, 'its name'),
    situational('REF*ZZ', 1, 'why it denied'),
    situational('DTP*598', 1, 'when it denied'),
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
    required('UM', 1, 'that it is an admission, what the notice does, where'),
    situational('REF*BB', 1, 'authorization number of the stay'),
    situational('REF*NT', 1, 'number by which an earlier notice of the stay was acknowledged'),
    situational('DTP*439', 1, 'accident'),
    situational('DTP*484', 1, 'last menstrual period'),
    situational('DTP*ABC', 1, 'expected day of birth'),
    situational('DTP*431', 1, 'onset of the illness'),
    situational('DTP*AAH', 1, 'days of the event'),
    situational('DTP*435', 1, 'days of the admission'),
    situational('DTP*096', 1, 'discharge'),
    situational('HI', 1, 'diagnoses'),
    situational('HSD', 1, 'how much, how often'),
    situational('CRC*07|08|09|11|75|76|77', 9, 'facts that certain services are certified by'),
    situational('CL1', 1, 'admission to an institution'),
    situational('CR1', 1, 'ambulance journey'),
    situational('CR2', 1, 'spinal manipulation'),
    situational('CR5', 1, 'oxygen at home'),
    situational('CR6', 1, 'care at home'),
    situational('PWK', 10, 'documents sent beside'),
    situational('MSG', 1, 'words for people'),
  ],
  loops: [eventProvider, transportStop, otherUmo, serviceLine],
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

const payer: LoopRule = {
  id: '2000B',
  level: '21',
  meaning: 'the payer, or whoever reviews for it',
  isRequired: true,
  max: 1,
  segments: [],
  loops: [
    {
      id: '2010B',
      meaning: 'who the payer is',
      isRequired: true,
      max: 1,
      segments: [required('NM1*X3|PR', 1, 'name and number')],
      loops: [],
    },
    subscriber,
  ],
}

const sender: LoopRule = {
  id: '2000A',
  level: '20',
  meaning: 'the sender: the facility or provider that tells',
  isRequired: true,
  max: 1,
  segments: [],
  loops: [
    {
      id: '2010A',
      meaning: 'who the sender is',
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
    payer,
  ],
}

/**
 * "This member is here." Who tells comes first here, and whom it is told to second: the other way round than in a request.
 * There is no HCR, because nothing is decided.
 *
 * @see 005010X216, notification
 */
export const REQUEST_216: TransactionRule = {
  guide: '216',
  direction: 'request',
  purpose: 'CN',
  kind: 'NO',
  body: {
    id: '278',
    meaning: 'the transaction',
    isRequired: true,
    max: 1,
    segments: [required('BHT', 1, 'purpose, number and moment')],
    loops: [sender],
  },
}
