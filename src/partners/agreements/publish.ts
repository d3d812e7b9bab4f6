import { record } from '../../audit/index.ts'
import type { PersonId } from '../../kernel/ids.ts'
import { Problem } from '../../kernel/problem.ts'
import type { Instant } from '../../kernel/time.ts'
import type { Tx } from '../../platform/database/index.ts'
import type { Template } from './model.ts'
import { PLACEHOLDERS, unknownPlaceholders } from './render.ts'
import { findCurrent, insertTemplate } from './store.ts'

/** What is published in place of a version. */
export interface Draft extends Pick<Template, 'kind' | 'title' | 'clauses'> {
  /** The version that it was written from. */
  readonly replaces: number
}

/**
 * Publishes the next version of an agreement: what is offered from now on. What was offered or signed before keeps its
 * text.
 *
 * @throws Problem `request/invalid` a placeholder that there is none of; `state/moved-on` another version came between
 */
export async function publish(tx: Tx, draft: Draft, by: PersonId, at: Instant): Promise<Template> {
  const { replaces, ...said } = draft
  requireFilled(said)
  const template: Template = { ...said, version: replaces + 1, publishedAt: at }
  const [current] = await findCurrent(tx, [draft.kind])
  if (current?.version !== replaces || !(await insertTemplate(tx, template, by)))
    throw new Problem('state/moved-on', 'Another version was published meanwhile. Read it first.')
  await record(tx, {
    at,
    actor: { kind: 'person', personId: by },
    act: 'agreement.publish',
    on: draft.kind,
    outcome: 'done',
    detail: { version: template.version },
  })
  return template
}

/** @throws Problem `request/invalid` a placeholder that there is none of */
export function requireFilled({ clauses }: Pick<Template, 'clauses'>): void {
  const faults = clauses.flatMap(({ text }, i) =>
    unknownPlaceholders(text).map((name) => ({
      at: `/clauses/${i}/text`,
      message: `there is no placeholder "${name}"; expected one of ${PLACEHOLDERS.join(', ')}`,
    })),
  )
  if (faults.length > 0)
    throw new Problem('request/invalid', 'The text leaves open what nobody fills.', { faults })
}
