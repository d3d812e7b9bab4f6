/** What an inquiry asks by, as the record of cases is searched by it: the same whichever door it came in by. */
import type { CaseSearch, LineSearch, ToldFilter } from '../../cases/record/index.ts'
import { actionOf } from '../../core/action-codes.ts'
import type {
  DecisionFilter,
  Inquiry,
  LineFilter,
  PrimaryIdentifier,
  Provider,
  ServiceLine,
} from '../../core/request.ts'
import type { Payer } from '../payers/index.ts'

/** @returns undefined when the inquiry narrows by what no case can be */
export function searchOf(
  { requester, subscriber, event, filter }: Inquiry,
  payer: Pick<Payer, 'id'>,
): Omit<CaseSearch, 'limit'> | undefined {
  const { memberId } = subscriber
  const { previousAuthorizationNumber, previousAdministrativeReference, period, admission } = event
  const told = toldOf(filter)
  const lines = linesOf(event.lines, filter.lines ?? [], requester)
  const partyNpis = othersOf(event.providers, requester)
  if (!told || !lines) return undefined
  return {
    payerId: payer.id,
    ...(memberId === undefined ? {} : { memberId }),
    ...(previousAuthorizationNumber === undefined
      ? {}
      : { authorizationNumber: previousAuthorizationNumber }),
    ...(previousAdministrativeReference === undefined
      ? {}
      : { administrativeReference: previousAdministrativeReference }),
    ...(period === undefined ? {} : { period }),
    ...(admission === undefined ? {} : { admission }),
    ...(filter.requestedOn === undefined ? {} : { received: filter.requestedOn }),
    ...(isEmpty(told) ? {} : { told }),
    ...(lines.length === 0 ? {} : { lines }),
    ...(partyNpis.length === 0 ? {} : { partyNpis }),
  }
}

/** @returns undefined for an action that the list does not have: nothing was ever decided so */
function toldOf({ action: code, issued, expires, effective }: DecisionFilter): ToldFilter | undefined {
  const action = code === undefined ? undefined : actionOf(code)
  if (code !== undefined && action === undefined) return undefined
  return {
    ...(action === undefined ? {} : { action }),
    ...(issued === undefined ? {} : { issued }),
    ...(expires === undefined ? {} : { expires }),
    ...(effective === undefined ? {} : { effective }),
  }
}

/**
 * What a line of the case must be like: as one of those that are asked about. Lines that say nothing to tell one from another
 * narrow nothing.
 *
 * @returns undefined when there are some, and each asks for what no line can be
 */
function linesOf(
  lines: readonly ServiceLine[],
  filters: readonly LineFilter[],
  requester: Inquiry['requester'],
): readonly LineSearch[] | undefined {
  const asked = lines.map(({ number, procedure, providers }): LineSearch | undefined => {
    const told = toldOf(filters.find(({ line }) => line === number) ?? {})
    const partyNpis = othersOf(providers, requester)
    return (
      told && {
        ...told,
        ...(procedure === undefined ? {} : { procedure: procedure.code }),
        ...(partyNpis.length === 0 ? {} : { partyNpis }),
      }
    )
  })
  const possible = asked.filter((line) => line !== undefined)
  if (possible.length === 0 && lines.length > 0) return undefined
  return possible.filter((line) => !isEmpty(line))
}

/**
 * The NPIs of the providers that are asked by. Who asks is none of them, in whatever other role an inquiry names it again: whether
 * it may see a case is settled already, and a case of its own need not name it by the number that it asks under.
 */
function othersOf(providers: readonly Provider[], requester: Inquiry['requester']): readonly string[] {
  const own = npiOf(requester)
  const named = providers.map(npiOf).filter((npi) => npi !== undefined)
  return [...new Set(named)].filter((npi) => npi !== own)
}

function npiOf({ identifier }: { readonly identifier?: PrimaryIdentifier }): string | undefined {
  return identifier?.system === 'npi' ? identifier.value : undefined
}

function isEmpty(conditions: object): boolean {
  return Object.keys(conditions).length === 0
}
