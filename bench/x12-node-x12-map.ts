/**
 * What our sample says, as queries of node-x12: field for field what `decodeRequest` gives for it, as near as its
 * query language comes. Composites (place, diagnoses, procedures) stay as they are on the wire, which spares it the
 * taking apart; dates and codes stay strings. A map sees one transaction, so the envelope is left out.
 */
export const REQUEST_MAP = {
  beginning: { purpose: 'BHT02', transactionIdentifier: 'BHT03', date: 'BHT04', time: 'BHT05' },
  payer: { name: 'NM103:NM101["X3"]', id: 'NM109:NM101["X3"]' },
  requester: {
    kind: 'NM101:NM101["1P"]',
    name: 'NM103:NM101["1P"]',
    identifier: { system: 'NM108:NM101["1P"]', value: 'NM109:NM101["1P"]' },
    employer: 'REF02:REF01["EI"]',
    address: {
      line1: 'N301',
      line2: 'N302',
      city: 'N401',
      state: 'N402',
      postalCode: 'N403',
    },
    contact: {
      name: 'PER02:PER03["TE"]',
      telephone: 'PER04:PER03["TE"]',
      extension: 'PER06:PER05["EX"]',
      facsimile: 'PER08:PER07["FX"]',
      email: 'PER04:PER03["EM"]',
    },
    role: 'PRV01',
    taxonomy: 'PRV03',
  },
  subscriber: {
    memberId: 'NM109:NM101["IL"]',
    last: 'NM103:NM101["IL"]',
    first: 'NM104:NM101["IL"]',
    middle: 'NM105:NM101["IL"]',
    group: 'REF02:REF01["6P"]',
    birthDate: 'DMG02',
    gender: 'DMG03',
  },
  event: {
    category: 'UM01',
    purpose: 'UM02',
    serviceType: 'UM03',
    place: 'UM04',
    urgency: 'UM06',
    period: 'DTP03:DTP01["AAH"]',
    diagnosis: 'HI01',
    furtherDiagnosis: 'HI02',
    message: 'MSG01',
    provider: {
      last: 'NM103:NM101["SJ"]',
      first: 'NM104:NM101["SJ"]',
      system: 'NM108:NM101["SJ"]',
      value: 'NM109:NM101["SJ"]',
      licence: 'REF02:REF01["0B"]',
      licenceState: 'REF03:REF01["0B"]',
      providerCode: 'PRV01:PRV01["PE"]',
      taxonomy: 'PRV03:PRV01["PE"]',
    },
    lines: {
      category: 'HL+SS-UM01',
      purpose: 'HL+SS-UM02',
      place: 'HL+SS-UM04',
      period: 'DTP03:DTP01["472"]',
      professional: { procedure: 'SV101', amount: 'SV102', unit: 'SV103', quantity: 'SV104' },
      institutional: { revenueCode: 'SV201', procedure: 'SV202', unit: 'SV204', quantity: 'SV205' },
      facility: {
        name: 'NM103:NM101["FA"]',
        system: 'NM108:NM101["FA"]',
        value: 'NM109:NM101["FA"]',
      },
    },
  },
}
