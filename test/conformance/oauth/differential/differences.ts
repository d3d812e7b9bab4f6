import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One way in which we answer otherwise than oidc-provider, with every case of the corpus that shows it. */
export interface Difference {
  readonly title: string
  /** Why our answer is the right one. */
  readonly why: string
  readonly see: string
  /** Why a token is given where oidc-provider gives none. Without it, such a case fails. */
  readonly whyToken?: string
  readonly cases: Readonly<Record<string, { readonly ours: string; readonly theirs: string }>>
}

export const DIFFERENCES: readonly Difference[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'differences.json'), 'utf8'),
)

/** The differences as the decision page has them. */
export function asMarkdown(differences: readonly Difference[]): string {
  return differences.map(section).join('\n\n')
}

function section({ title, why, see, whyToken, cases }: Difference): string {
  const rows = Object.entries(cases).map(([name, { ours, theirs }]) => `| ${name} | ${ours} | ${theirs} |`)
  return [
    `### ${title}`,
    `${why} ${see}.`,
    ...(whyToken === undefined ? [] : [`A token is given where oidc-provider gives none: ${whyToken}`]),
    ['| Request | Ours | oidc-provider |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n')
}
