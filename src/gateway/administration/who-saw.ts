import type { Actor } from '../../kernel/actor.ts'
import type { MemberQuestion, WhoSaw } from '../exchange/index.ts'
import type { AdministrationDeps } from './deps.ts'

/** Whose record is looked through, and through which payers' the asker may look. */
export type RecordSearch = Omit<MemberQuestion, 'actor'>

/**
 * Who saw or touched the cases of a member: asked by one of the operator's people, whose scope comes with the question.
 *
 * @throws Problem `state/not-found` no payer that the asker may look through goes by that id
 */
export const whoSaw =
  (deps: Pick<AdministrationDeps, 'whoSaw'>) =>
  (search: RecordSearch, actor: Actor): Promise<WhoSaw> =>
    deps.whoSaw({ ...search, actor })
