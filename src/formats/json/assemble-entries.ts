/** Entries of lists: documents, earlier denials, teeth. */
import type { Attachment, EarlierDenial, Tooth } from '../../core/request.ts'
import { codesOf } from './assemble-certificates.ts'
import { type Draft, given } from './draft.ts'
import type { Findings } from './findings.ts'

/** Entries that say what they must; undefined when there are none. */
function assembleAll<T>(
  entries: readonly Draft[],
  assemble: (entry: Draft) => T | undefined,
): readonly T[] | undefined {
  const all = entries.flatMap((entry) => assemble(entry) ?? [])
  return all.length === 0 ? undefined : all
}

/** What an entry must say; undefined, with a fault, when it does not. */
function requiredOf(
  draft: Draft,
  path: string,
  field: string,
  remedy: string,
  findings: Findings,
): string | undefined {
  if (!draft.wasSent(path)) findings.fault(`${draft.at}/${field}`, 'is missing', remedy)
  return draft.text(path)
}

export function assembleAttachments(draft: Draft, findings: Findings): readonly Attachment[] | undefined {
  return assembleAll(draft.list('attachments'), (entry) => {
    const remedy = 'Say what kind of document it is, such as OZ.'
    const reportType = requiredOf(entry, 'reportType', 'reportTypeCode', remedy, findings)
    if (reportType === undefined) return undefined
    return {
      reportType,
      ...given({
        transmission: entry.text('transmission'),
        controlNumber: entry.text('controlNumber'),
        description: entry.text('description'),
      }),
    }
  })
}

export function assembleEarlierDenials(
  draft: Draft,
  findings: Findings,
): readonly EarlierDenial[] | undefined {
  return assembleAll(draft.list('earlierDenials'), (entry) => {
    const remedy = 'Say what kind of organization denied, such as CA.'
    const by = requiredOf(entry, 'by', 'entityIdentifierCode', remedy, findings)
    if (by === undefined) return undefined
    return {
      by,
      ...given({ name: entry.text('name') }),
      reasons: codesOf(entry, 'reasons') ?? [],
      ...given({ deniedOn: entry.date('deniedOn') }),
    }
  })
}

/** The teeth of a submission, or the one of an inquiry. */
export function assembleTeeth(draft: Draft, findings: Findings): readonly Tooth[] | undefined {
  const one = draft.group('tooth')
  return assembleAll(one.isEmpty ? draft.list('teeth') : [one], (entry) => {
    const code = requiredOf(entry, 'code', 'toothCode', 'Give the number of the tooth.', findings)
    return code === undefined ? undefined : { code, surfaces: codesOf(entry, 'surfaces') ?? [] }
  })
}
