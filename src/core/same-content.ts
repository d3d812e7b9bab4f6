/** Whether two values say the same, in whatever order their fields were put. Lists keep their order. */
export function saysTheSame(one: object, other: object): boolean {
  return spelled(one) === spelled(other)
}

function spelled(content: object): string {
  return JSON.stringify(content, (_key, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
}
