import type { Clause, Template } from './model.ts'

/** What a template may leave open. */
export const PLACEHOLDERS = ['operator', 'partner', 'products', 'prices', 'begins', 'term'] as const
export type Placeholder = (typeof PLACEHOLDERS)[number]
export type Values = Readonly<Record<Placeholder, string>>

const OPEN = /\{\{([^{}]*)\}\}/g

/** The placeholders of a text that there are none of; empty when it can be rendered. */
export function unknownPlaceholders(text: string): readonly string[] {
  return [...text.matchAll(OPEN)]
    .map(([, name = '']) => name)
    .filter((name) => !(PLACEHOLDERS as readonly string[]).includes(name))
}

/** A text with its placeholders filled. What a value holds is not read for placeholders again. */
export function fill(text: string, values: Values): string {
  return text.replace(OPEN, (_, name: Placeholder) => values[name])
}

/**
 * A template as plain text: a title, then each clause under its number.
 *
 * @param part the number that clauses begin with, `2` for `2.1`; absent where the text stands alone
 */
export function renderTemplate(template: Template, values: Values, part?: number): string {
  const number = (i: number) => (part === undefined ? `${i + 1}` : `${part}.${i + 1}`)
  const heading = part === undefined ? template.title : `PART ${part}. ${template.title}`
  const clause = ({ heading: name, text }: Clause, i: number) => `${number(i)} ${name}\n${fill(text, values)}`
  return [`${heading} (version ${template.version})`, ...template.clauses.map(clause)].join('\n\n')
}
