/** Who signs what the sandbox is made to refuse or reduce. Both are invented, and so are their licences. */
const REVIEWERS = {
  deny: { name: 'Marisol Fenwick, MD', licence: 'TN SIM-20417' },
  modify: { name: 'Teodor Ashgrove, DO', licence: 'OH SIM-38852' },
  partial: { name: 'Teodor Ashgrove, DO', licence: 'OH SIM-38852' },
} as const

/** As it stands in the words of a decision: 264 characters are all that an MSG segment holds, with the reason. */
export function signature(scenario: keyof typeof REVIEWERS): string {
  const { name, licence } = REVIEWERS[scenario]
  return `Simulated review by ${name}, licence ${licence} (invented).`
}
