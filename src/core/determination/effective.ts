import type { Condition } from './model.ts'

/** When the row holds: judged by the day of service. Every row asks it. */
export const effective: Condition = {
  asks: () => true,
  holds: ({ effective: { from, until } }, { on }) =>
    from <= on && (until === undefined || on <= until) ? 'met' : 'unmet',
}
