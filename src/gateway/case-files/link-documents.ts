import type { Authorization } from '../../core/authorization.ts'
import { plain } from '../../core/plain.ts'
import type { ReviewRequest } from '../../core/request.ts'
import type { Tx } from '../../platform/database/index.ts'
import { sessionOf } from '../access/index.ts'
import { findPayer, type Payer } from '../payers/index.ts'
import type { CaseFilesDeps } from './deps.ts'
import { addTo } from './documents.ts'
import type { Linked, LinkedDocument, LinkingNumber, Reader, Unlinked } from './model.ts'

/** Cases of one member that are looked through for a number of the sender's: the newest. */
const MOST_CASES = 50

/** @see CaseFiles.linkDocuments */
export function linkDocuments(
  deps: CaseFilesDeps,
  reader: Reader,
  sent: readonly LinkedDocument[],
  isSound: boolean,
): Promise<Linked> {
  return deps.database.transaction(sessionOf(reader.caller), async (tx) => {
    const search = searching(deps, tx)
    const found: { readonly document: LinkedDocument['document']; readonly of: Authorization }[] = []
    const unlinked: Unlinked[] = []
    for (const [i, linked] of sent.entries()) {
      const of = await search(linked)
      if (typeof of === 'string') unlinked.push({ document: i, because: of })
      else found.push({ document: linked.document, of })
    }
    if (unlinked.length > 0 || !isSound) return { unlinked }
    const added = []
    for (const { document, of } of found)
      added.push({ ...(await addTo(deps, tx, reader, of, document)), caseId: of.id })
    return { added }
  })
}

/** The case that a document belongs to, or why there is none. Members and numbers that come again are looked for once. */
function searching(deps: CaseFilesDeps, tx: Tx) {
  const payers = new Map<string, Promise<Payer | undefined>>()
  const members = new Map<string, Promise<readonly Authorization[]>>()
  const casesOf = (payer: Payer, memberId: string) => {
    const key = `${payer.id} ${plain(memberId)}`
    const known = members.get(key) ?? casesOfMember(deps, tx, payer, memberId)
    members.set(key, known)
    return known
  }
  return async (linked: LinkedDocument): Promise<Authorization | Unlinked['because']> => {
    const payer = await (payers.get(linked.payer) ?? findPayer(tx, linked.payer))
    payers.set(linked.payer, Promise.resolve(payer))
    if (!payer) return 'no-payer'
    for (const number of linked.numbers) {
      const found = await byNumber(deps, tx, payer, number)
      if (found) return isOf(found.request, linked.memberId) ? found : 'other-patient'
      const own = linked.memberId === undefined ? [] : await casesOf(payer, linked.memberId)
      const named = own.find((one) => names(one, number))
      if (named) return named
    }
    return linked.memberId === undefined ? 'no-member' : 'no-case'
  }
}

async function casesOfMember(
  { record }: CaseFilesDeps,
  tx: Tx,
  payer: Payer,
  memberId: string,
): Promise<readonly Authorization[]> {
  const ids = (await record.casesOfMember(tx, payer.id, memberId)).slice(0, MOST_CASES)
  const cases: Authorization[] = []
  for (const id of ids) {
    const found = await record.find(tx, id)
    if (found) cases.push(found)
  }
  return cases
}

/** A number that the payer gave is that of a certification or of a request: senders mix the two up. */
async function byNumber(
  { record }: CaseFilesDeps,
  tx: Tx,
  payer: Payer,
  { givenBy, value }: LinkingNumber,
): Promise<Authorization | undefined> {
  if (givenBy !== 'payer') return undefined
  const one = { payerId: payer.id, limit: 1 } as const
  const [certified] = await record.findForInquiry(tx, { ...one, authorizationNumber: value })
  const [asked] = certified ? [] : await record.findForInquiry(tx, { ...one, administrativeReference: value })
  return certified ?? asked
}

/** Only two member ids that are both named can differ. */
function isOf({ subscriber }: ReviewRequest, memberId: string | undefined): boolean {
  return (
    memberId === undefined ||
    subscriber.memberId === undefined ||
    plain(subscriber.memberId) === plain(memberId)
  )
}

/** Whether a case's request announces a document by the number (PWK06), or is followed by it; or its payer asked by it. */
function names(found: Authorization, { value }: LinkingNumber): boolean {
  const { correspondence, event } = found.request
  const parts = [event, ...event.lines]
  const outcomes = 'decided' in found ? found.decided.lines : []
  const numbers = [
    ...parts.flatMap(({ attachments = [] }) => attachments.map(({ controlNumber }) => controlNumber)),
    ...parts.flatMap(({ traces = [] }) => traces.map(({ number }) => number)),
    ...outcomes.flatMap(({ informationWanted }) =>
      (informationWanted?.documents ?? []).map(({ controlNumber }) => controlNumber),
    ),
    correspondence.transactionIdentifier,
  ]
  return numbers.some((number) => number !== undefined && number.toUpperCase() === value.toUpperCase())
}
