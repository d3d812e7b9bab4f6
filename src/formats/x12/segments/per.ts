import type { Contact } from '../../../core/request.ts'
import { codeTable } from '../codes/index.ts'
import type { Growing, SegmentReader } from '../reading/index.ts'
import type { Row } from '../text/index.ts'

type Channel = Exclude<keyof Contact, 'name'>

/** How to reach somebody: PER03, PER05 and PER07, each before its number. An extension follows its telephone. */
const CHANNELS = codeTable<Channel>({
  telephone: 'TE',
  extension: 'EX',
  facsimile: 'FX',
  email: 'EM',
  url: 'UR',
})

const PAIRS_PER_SEGMENT = 3

/** Reads how to reach somebody, out of all the PER of a loop; of a channel that repeats, the first. */
export function decodeContact(pers: readonly SegmentReader[]): Contact | undefined {
  if (pers.length === 0) return undefined
  const channels: Growing<Contact> = {}
  for (const per of pers) {
    per.constant(1, 'IC')
    for (let element = 3; element <= 7; element += 2) {
      const channel = per.word(element, CHANNELS)
      const number = per.text(element + 1)
      if (channel === undefined && number === undefined) continue
      if (channel !== undefined && number === undefined)
        per.fault(element + 1, 'expected a number or address, found nothing')
      if (number !== undefined && per.text(element) === undefined) {
        per.fault(element, `expected ${CHANNELS.listed} before a number, found nothing`)
      }
      if (channel === undefined || number === undefined) continue
      if (channels[channel] !== undefined)
        per.note(element + 1, 'a second one of its kind; the first was read')
      else channels[channel] = number
    }
  }
  return inOrder(nameIn(pers), channels)
}

/** The first name; every one counts as read. */
function nameIn(pers: readonly SegmentReader[]): string | undefined {
  let name: string | undefined
  for (const per of pers) {
    const found = per.text(2)
    if (name === undefined) name = found
  }
  return name
}

/** The same whatever order the channels were sent in; undefined when there is nothing. */
function inOrder(name: string | undefined, channels: Contact): Contact | undefined {
  const { telephone, extension, facsimile, email, url } = channels
  if ((name ?? telephone ?? extension ?? facsimile ?? email ?? url) === undefined) return undefined
  const contact: Growing<Contact> = {}
  if (name !== undefined) contact.name = name
  if (telephone !== undefined) contact.telephone = telephone
  if (extension !== undefined) contact.extension = extension
  if (facsimile !== undefined) contact.facsimile = facsimile
  if (email !== undefined) contact.email = email
  if (url !== undefined) contact.url = url
  return contact
}

/** Writes how to reach somebody; a second PER holds what the three pairs of the first cannot. */
export function encodeContact(contact: Contact | undefined): readonly Row[] {
  if (contact === undefined) return []
  const pairs = (['telephone', 'extension', 'facsimile', 'email', 'url'] as const).flatMap((channel) => {
    const number = contact[channel]
    return number === undefined ? [] : [[CHANNELS.code(channel), number] as const]
  })
  const first: Row = ['PER', 'IC', contact.name, ...pairs.slice(0, PAIRS_PER_SEGMENT).flat()]
  const rest = pairs.slice(PAIRS_PER_SEGMENT).flat()
  return rest.length === 0 ? [first] : [first, ['PER', 'IC', undefined, ...rest]]
}
