/** Whether two requests are about the same patient, as far as both of them say. */
import { plain } from '../../core/plain.ts'
import type { Dependent, PartyName, ReviewRequest, Subscriber } from '../../core/request.ts'

/** Facts that only one side names do not tell two people apart. */
export function isSameDependent(kept: Dependent | undefined, asked: Dependent | undefined): boolean {
  if (!kept || !asked) return kept === asked
  const isSameBirth = !kept.birthDate || !asked.birthDate || kept.birthDate === asked.birthDate
  const [keptName, askedName] = [givenName(kept.name), givenName(asked.name)]
  return isSameBirth && (!keptName || !askedName || keptName === askedName)
}

function givenName(name: PartyName | undefined): string | undefined {
  return name?.kind === 'person' ? name.first?.trim().toUpperCase() : undefined
}

/**
 * Whether what is asked of a case can be meant of its patient. A follow-up names the case by its number, so it may leave
 * the patient out; one whom it names must be the right one.
 */
export function canBeOfPatient(kept: ReviewRequest, asked: ReviewRequest): boolean {
  const [keptId, askedId] = [kept.subscriber.memberId, asked.subscriber.memberId]
  const isSameMember =
    keptId && askedId ? plain(keptId) === plain(askedId) : isSamePerson(kept.subscriber, asked.subscriber)
  return isSameMember && (!asked.dependent || isSameDependent(kept.dependent, asked.dependent))
}

/** Without a member id on both sides: facts that only one names do not tell two people apart. */
function isSamePerson(kept: Subscriber, asked: Subscriber): boolean {
  const isSameBirth = !kept.birthDate || !asked.birthDate || kept.birthDate === asked.birthDate
  return isSameBirth && [familyName, givenName].every((of) => agrees(of(kept.name), of(asked.name)))
}

const agrees = (one: string | undefined, other: string | undefined) => !one || !other || one === other

function familyName(name: PartyName | undefined): string | undefined {
  return name?.kind === 'person' ? name.last.trim().toUpperCase() : undefined
}
