/**
 * What the bodies of `/v1` are made of: texts, codes, days, and the parties of a request. A part with a title is a schema
 * of its own in the API description.
 */
import { type TProperties, type TSchema, Type } from 'typebox'

export const STRICT = { additionalProperties: false } as const
export const maybe = Type.Optional

/** An object that is a schema of its own. */
export const part = <P extends TProperties>(title: string, description: string, properties: P) =>
  Type.Object(properties, { ...STRICT, title, description })
/** The same, of members that may each be left out. */
export const partial = <P extends TProperties>(title: string, description: string, properties: P) =>
  Type.Partial(Type.Object(properties), { ...STRICT, title, description })

export const words = (maxLength: number, description: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*$',
    'x-expected': 'text without control characters such as tabs and line breaks',
    description,
  })
export const code = (description: string) => words(30, description)
export const reference = (description: string) => words(50, description)
export const name = (description: string) => words(60, description)
export const decimal = (description: string) =>
  Type.String({
    maxLength: 15,
    pattern: '^\\d+(\\.\\d+)?$',
    'x-expected': 'a decimal number in digits, such as 2 or 12.50',
    description,
  })
export const day = (description: string) => Type.String({ format: 'date', description })
export const period = (description: string) =>
  Type.Object({ from: day('The first day.'), until: day('The last day.') }, { ...STRICT, description })
export const oneOf = <const Words extends readonly string[]>(values: Words, description: string) =>
  Type.Enum([...values] as unknown as [...Words], { description })
export const yesOrNo = (description: string) => oneOf(['yes', 'no', 'unknown', 'not-applicable'], description)
export const list = <S extends TSchema>(of: S, maxItems: number, description: string) =>
  Type.Array(of, { maxItems, description })

export const PARTY_NAME = part(
  'PartyName',
  'Of an organization: `name`. Of a person: `last`, and what else is known.',
  {
    kind: oneOf(['organization', 'person'], 'What is named.'),
    name: maybe(name('The name of an organization (X12 NM103).')),
    last: maybe(name('The family name of a person (X12 NM103).')),
    first: maybe(words(35, 'The first name (X12 NM104).')),
    middle: maybe(words(25, 'The middle name or initial (X12 NM105).')),
    prefix: maybe(words(10, 'Such as `Dr` (X12 NM106).')),
    suffix: maybe(words(10, 'Such as `Jr` (X12 NM107).')),
  },
)

export const ADDRESS = partial('Address', 'A postal address (X12 N3 and N4).', {
  line1: words(55, 'Street and number (X12 N301).'),
  line2: words(55, 'A second line, beside a first (X12 N302).'),
  city: words(30, 'The city (X12 N401).'),
  state: words(2, 'The state or province, two letters (X12 N402).'),
  postalCode: words(15, 'The postal code, without its hyphen (X12 N403).'),
  country: words(3, 'The country, where it is another (X12 N404).'),
  countrySubdivision: words(3, 'A part of another country (X12 N407).'),
})

export const CONTACT = partial('Contact', 'How somebody is reached (X12 PER).', {
  name: name('Whom to ask for (X12 PER02).'),
  telephone: words(256, 'A telephone number (X12 PER03 `TE`).'),
  extension: words(256, 'Its extension (X12 PER03 `EX`).'),
  facsimile: words(256, 'A facsimile number (X12 PER03 `FX`).'),
  email: words(256, 'An e-mail address (X12 PER03 `EM`).'),
  url: words(256, 'A web address (X12 PER03 `UR`).'),
})

export const IDENTIFIER = part('Identifier', 'The number that names a party first (X12 NM108 and NM109).', {
  system: oneOf(
    ['npi', 'employer', 'social-security', 'electronic-transmitter', 'services-plan', 'payer', 'member'],
    'Whose numbering it is of.',
  ),
  value: words(80, 'The number; an NPI must pass its check digit.'),
})

export const REFERENCES = list(
  part('Reference', 'A further number that a party goes by (X12 REF).', {
    kind: oneOf(
      [
        'upin',
        'facility',
        'employer',
        'provider-site',
        'provider-plan-network',
        'facility-network',
        'social-security',
        'federal-taxpayer',
        'carrier-assigned',
        'state-license',
        'policy',
        'branch',
        'group',
        'department',
        'patient-account',
        'health-insurance-claim',
        'identity-card',
        'insurance-policy',
        'plan-network',
        'medicaid-recipient',
        'employee',
      ],
      'Which number it is (X12 REF01).',
    ),
    value: reference('The number (X12 REF02).'),
    state: maybe(words(2, 'The state that issued a licence; with `state-license` alone.')),
  }),
  20,
  'Further numbers, in the order sent; a kind may repeat.',
)

/** What is said of a subscriber and of a dependent alike. */
export const MEMBER = {
  name: maybe(PARTY_NAME),
  birthDate: maybe(day('The date of birth (X12 DMG02).')),
  gender: maybe(oneOf(['female', 'male', 'unknown'], 'As the payer has it (X12 DMG03).')),
  references: maybe(REFERENCES),
  address: maybe(ADDRESS),
}

export const PROVIDER = part(
  'Provider',
  'Somebody who takes part in the care (X12 loops 2010EA and 2010F).',
  {
    role: oneOf(
      [
        'service-provider',
        'referring',
        'facility',
        'attending',
        'admitting',
        'operating',
        'other-operating',
        'other-physician',
        'ordering',
        'supervising',
        'rendering',
        'primary-care',
        'consulting',
        'assistant-surgeon',
        'purchased-service',
        'gatekeeper',
      ],
      'The part that the provider takes (X12 NM101).',
    ),
    name: maybe(PARTY_NAME),
    identifier: maybe(IDENTIFIER),
    references: maybe(REFERENCES),
    address: maybe(ADDRESS),
    contact: maybe(CONTACT),
    providerCode: maybe(code('The role by its code (X12 PRV01).')),
    taxonomy: maybe(code('The specialty by its taxonomy code (X12 PRV03).')),
  },
)

export const PLACE = part('Place', 'Where the care is given (X12 UM04).', {
  code: words(2, 'The code, such as `21`.'),
  system: oneOf(['place-of-service', 'type-of-bill'], 'Which list the code is of (X12 UM04-2).'),
})

const DELIVERY_PATTERN = {
  unit: code('What `modulus` counts: `DA` days, `WK` weeks, `MO` months (X12 HSD03).'),
  modulus: decimal('Every so many units (X12 HSD04).'),
  periodUnit: code('What `periodCount` counts: `7` days, `34` months, `35` weeks (X12 HSD05).'),
  periodCount: decimal('For so many periods (X12 HSD06).'),
  frequency: code('On which days, by its code (X12 HSD07).'),
  time: code('At what time of day, by its code (X12 HSD08).'),
}

export const DELIVERY = partial('Delivery', 'How much, how often and when (X12 HSD).', {
  countUnit: code('What `count` counts: `VS` visits, `DY` days, `HS` hours (X12 HSD01).'),
  count: decimal('How many (X12 HSD02).'),
  ...DELIVERY_PATTERN,
})

/** How often and when something is certified. */
export const PATTERN = partial(
  'DeliveryPattern',
  'How often and when (X12 HSD03 to HSD08).',
  DELIVERY_PATTERN,
)

export const ATTACHMENTS = list(
  part('Attachment', 'A document that goes with the request, or that a payer asks for (X12 PWK).', {
    reportType: code('What kind of document it is (X12 755).'),
    transmission: maybe(
      code('How it travels (X12 756): `EL` electronically, `FX` by facsimile, `BM` by mail.'),
    ),
    controlNumber: maybe(words(80, 'The number that the document itself carries (X12 PWK06).')),
    description: maybe(words(80, 'What it is, in words (X12 PWK07).')),
  }),
  10,
  'Documents that go with it.',
)

export const TRACES = list(
  part('Trace', 'A number by which the sender follows an event or a line; an answer repeats it (X12 TRN).', {
    number: reference('The number (X12 TRN02).'),
    assignedBy: maybe(words(10, 'Who gave it, as X12 spells a company (X12 TRN03).')),
    division: maybe(reference('The part of that company (X12 TRN04).')),
  }),
  3,
  "The sender's own numbers for it.",
)

export const QUANTITY = part('Quantity', 'A number and what it counts.', {
  unit: words(2, '`UN` units, `DA` days, `MJ` minutes, `VS` visits, or another code (X12 355).'),
  value: decimal('How many.'),
})
