import type { Provider, ProviderRole } from '../../../core/request.ts'
import { NEAREST_PROVIDER_ROLES, NEAREST_PROVIDER_WORDS, PROVIDERS } from '../codes/index.ts'
import type { Draft } from '../grammar/lay-out.ts'
import { type Loop, segmentOf, segmentsOf } from '../grammar/walk.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import { decodeAddress, encodeAddress } from '../segments/n3-n4.ts'
import { decodeNm1, encodeNm1, NAMELESS } from '../segments/nm1.ts'
import { decodeContact, encodeContact } from '../segments/per.ts'
import { decodePart, encodePart } from '../segments/prv.ts'
import { decodeReferences, encodeReferences } from '../segments/ref.ts'
import type { Row } from '../text/index.ts'

/** Reads a provider of the event or of a service line: loops 2010EA and 2010F. */
export function decodeProvider(loop: Loop): Provider {
  const nm1 = segmentOf(loop, 'NM1')
  const { role: providerCode, taxonomy } = decodePart(segmentOf(loop, 'PRV'))
  const role = nm1 === undefined ? 'service-provider' : decodeRole(nm1)
  const { name, identifier } = nm1 === undefined ? NAMELESS : decodeNm1(nm1)
  const provider: Growing<Provider> = { role, references: decodeReferences(segmentsOf(loop, 'REF')) }
  const address = decodeAddress(segmentOf(loop, 'N3'), segmentOf(loop, 'N4'))
  const contact = decodeContact(segmentsOf(loop, 'PER'))
  if (name !== undefined) provider.name = name
  if (identifier !== undefined) provider.identifier = identifier
  if (address !== undefined) provider.address = address
  if (contact !== undefined) provider.contact = contact
  if (providerCode !== undefined) provider.providerCode = providerCode
  if (taxonomy !== undefined) provider.taxonomy = taxonomy
  return provider
}

function decodeRole(nm1: SegmentReader): ProviderRole {
  const code = nm1.text(1) ?? ''
  const nearest = NEAREST_PROVIDER_WORDS.get(code)
  if (nearest === undefined) return nm1.word(1, PROVIDERS) ?? 'service-provider'
  nm1.note(1, `${code} is read as ${nearest}, the nearest role we know`)
  return nearest
}

/**
 * @param id    `2010EA` or `2010F`
 * @param added what an answer adds of its own
 */
export function encodeProvider(provider: Provider, id: string, added: readonly Row[] = []): Draft {
  return {
    id,
    segments: [
      encodeNm1(roleCode(provider.role), provider),
      ...encodeReferences(provider.references),
      ...encodeAddress(provider.address),
      ...encodeContact(provider.contact),
      ...encodePart({ role: provider.providerCode, taxonomy: provider.taxonomy }),
      ...added,
    ],
    loops: [],
  }
}

function roleCode(role: ProviderRole): string {
  switch (role) {
    case 'rendering':
    case 'consulting':
    case 'gatekeeper':
    case 'other-operating':
      return PROVIDERS.code(NEAREST_PROVIDER_ROLES[role])
    default:
      return PROVIDERS.code(role)
  }
}
