/**
 * The names by which CAQH CORE calls what an envelope carries. That of the request for review is met in public clients
 * (`X12_278_Request_005010X217E1_2`); those of the other guides follow its pattern, and an answer follows its request.
 *
 * @see CAQH CORE 270 section 4.4.2, PayloadType
 */

export type Guide = '215' | '216' | '217'

const REQUEST = /^X12_278_Request_(005010X(21[567])(?:[AE][1-9])?(?:_[1-9])?)$/

/** What we call a request ourselves. */
export const REQUEST_TYPES: Readonly<Record<Guide, string>> = {
  '217': 'X12_278_Request_005010X217E1_2',
  '215': 'X12_278_Request_005010X215',
  '216': 'X12_278_Request_005010X216',
}

/** The five digits after TA1 are the rule's own. */
export const ACKNOWLEDGEMENT_TYPES = {
  TA1: 'X12_TA1_Response_00501X231A1',
  '999': 'X12_999_Response_005010X231A1',
} as const

/** What an answer carries that could not be made of its request. */
export const ERROR_TYPE = 'CoreEnvelopeError'

/** The guide of a request's type, with whatever errata its sender names; undefined: no request that is known here. */
export function guideOfType(payloadType: string): Guide | undefined {
  return REQUEST.exec(payloadType)?.[2] as Guide | undefined
}

/** The type of a 278 that answers a request of this type: of the same guide and errata. */
export function answerType(requestType: string): string {
  return requestType.replace('_Request_', '_Response_')
}

/** The type of the request that an interchange holds, by ST03 of its first transaction; undefined when it holds none. */
export function requestTypeOf(interchange: string): string | undefined {
  const text = interchange.trimStart()
  const [element, segment] = [text[3], text[105]]
  if (!text.startsWith('ISA') || element === undefined || segment === undefined) return undefined
  // ISA, perhaps a TA1 or two, GS and then ST.
  for (const written of text.slice(0, 4000).split(segment).slice(0, 10)) {
    const [id, set, , guide] = written.trim().split(element)
    if (id === 'ST' && set === '278') return REQUEST_TYPES[guide?.slice(-3) as Guide]
  }
  return undefined
}
