import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { type Command, type Options, Refused, required, type Surroundings, WrongUsage } from '../command.ts'
import { askOperator } from '../operator.ts'

interface Recorded {
  readonly id: string
  readonly products: readonly string[]
  readonly beginsAt: string
  readonly endsAt?: string
  readonly textHash: string
}

interface Verdict {
  readonly isUntouched: boolean
  readonly contractId?: string
  readonly seal?: {
    readonly isIntact: boolean
    readonly coversTheFile: boolean
    readonly isOurs: boolean
    readonly certificate: string
  }
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
}

const named = (file: string | undefined): string => {
  if (!file) throw new WrongUsage('the file is needed')
  return file
}

async function contentOf(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new Refused(`The file ${file} cannot be read: ${error.code}`)
  })
  if (bytes.length === 0) throw new Refused(`The file ${file} is empty.`)
  return bytes.toString('base64')
}

export const recordContract: Command = {
  words: 'contracts record',
  takes: 'FILE',
  does: 'Record a contract that both sides have signed on paper: it counts from here on.',
  options: {
    organization: { type: 'string', means: 'the company, by name or id' },
    products: { type: 'string', means: 'ids of products, parted by commas' },
    'attested-by': { type: 'string', means: 'who attests that both sides have signed it' },
    from: { type: 'string', means: 'when it begins, such as 2027-01-01T00:00:00Z; now when left out' },
    until: { type: 'string', means: 'when it ends; until further notice when left out' },
    amends: { type: 'string', means: 'the contract in force that it takes the place of, by id' },
  },
  run: async ([file], options, { out, dataDirectory, asJson }) => {
    const mediaType = MEDIA_TYPES[extname(named(file)).toLowerCase()]
    if (mediaType === undefined)
      throw new WrongUsage('the file is a scan: one of .pdf, .png, .jpg, .jpeg, .tif, .tiff')
    const body = {
      organization: required(options, 'organization'),
      products: required(options, 'products')
        .split(',')
        .map((id) => id.trim()),
      attestedBy: required(options, 'attested-by'),
      mediaType,
      file: await contentOf(named(file)),
      ...optional(options, 'from', 'beginsAt'),
      ...optional(options, 'until', 'endsAt'),
      ...optional(options, 'amends', 'amends'),
    }
    const recorded = await askOperator<Recorded>(dataDirectory, 'POST', '/operator/contracts/record', body)
    const { id, products, beginsAt, endsAt } = recorded
    const until = endsAt === undefined ? '' : ` until ${endsAt}`
    out.write(
      asJson
        ? `${JSON.stringify(recorded)}\n`
        : `${id} is recorded: ${products.join(', ')} from ${beginsAt}${until}.\nThe file’s SHA-256 is ${recorded.textHash}.\n`,
    )
    return 0
  },
}

const optional = (options: Options, option: string, name: string) =>
  typeof options[option] === 'string' ? { [name]: options[option] } : {}

export const verifyContract: Command = {
  words: 'contracts verify',
  takes: 'FILE.pdf',
  does: 'Prove that a file is, byte for byte, a copy of a contract that was kept when both sides had signed.',
  options: {},
  run: async ([file], _options, { out, dataDirectory, asJson }: Surroundings) => {
    const body = { file: await contentOf(named(file)) }
    const verdict = await askOperator<Verdict>(dataDirectory, 'POST', '/operator/contracts/verify', body)
    out.write(asJson ? `${JSON.stringify(verdict)}\n` : `${inWords(verdict)}\n`)
    return verdict.isUntouched ? 0 : 1
  },
}

/** What a verdict means for whoever holds the file. */
export function inWords({ isUntouched, contractId, seal }: Verdict): string {
  if (isUntouched) {
    const sealed =
      seal === undefined ? 'It has no seal, as a scan has none.' : `Sealed under ${seal.certificate}.`
    return `Untouched: this is ${contractId}, byte for byte.\n${sealed}`
  }
  if (seal === undefined) return 'Not a copy of any contract that is kept here, and it has no seal.'
  if (!seal.isIntact) return 'Changed: its seal does not hold. What it says is not what was sealed.'
  if (!seal.coversTheFile) return 'Added to: something stands behind what was sealed.'
  return seal.isOurs
    ? 'Its seal is this operator’s and holds, but no such copy is kept here.'
    : `Its seal holds, and is somebody else’s: ${seal.certificate}.`
}
