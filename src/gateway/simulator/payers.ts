import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PayerDraft } from '../payers/index.ts'

/** A payer that does not exist, with the rules and the policy that it decides by. */
export interface SyntheticPayer {
  readonly payer: PayerDraft
  /** CSV, as `importRules` reads it. */
  readonly rules: string
  /** A JDM document, as `Policies.publish` takes it. */
  readonly policy: unknown
}

/** What is invented, and what it does, stands in `docs/reference/sandbox.md`. Telephone numbers are from the fictional range. */
const INVENTED: readonly { readonly folder: string; readonly payer: PayerDraft }[] = [
  {
    folder: 'quillfeather',
    payer: {
      name: 'Quillfeather Health Plan',
      // The last is the id by which the published determinations know their demonstration payer.
      wireIds: ['QUILLFEATHER', 'QFHP1', 'UHCDEMODV1'],
      contact: {
        name: 'Quillfeather Utilization Desk',
        telephone: '6155550142',
        email: 'utilization@quillfeather.example',
      },
      lineOfBusiness: 'medicaid-managed-care',
      standsInForUnknown: true,
    },
  },
  {
    folder: 'tansy-ridge',
    payer: {
      name: 'Tansy Ridge Mutual',
      wireIds: ['TANSYRIDGE', 'TRM01'],
      contact: { name: 'Tansy Ridge Clinical Desk', telephone: '5035550177' },
      lineOfBusiness: 'commercial',
      standsInForUnknown: false,
    },
  },
]

/** The sandbox's payers, the one that stands in for unknown ids first. */
export function syntheticPayers(): Promise<readonly SyntheticPayer[]> {
  const text = (folder: string, file: string) => readFile(join(import.meta.dirname, folder, file), 'utf8')
  return Promise.all(
    INVENTED.map(async ({ folder, payer }) => ({
      payer,
      rules: await text(folder, 'rules.csv'),
      policy: JSON.parse(await text(folder, 'policy.json')) as unknown,
    })),
  )
}
