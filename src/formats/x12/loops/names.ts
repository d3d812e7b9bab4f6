import type { PartyName } from '../../../core/request.ts'

/** A name in one piece, for a party that is never a person: whatever NM103 said. */
export function plainName(name: PartyName | undefined): string | undefined {
  return name?.kind === 'person' ? name.last : name?.name
}
