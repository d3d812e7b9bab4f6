import { type Contestant, findPeer } from './x12-contestant.ts'
import { anInterchange } from './x12-documents.ts'
import { REQUEST_MAP } from './x12-node-x12-map.ts'

/** As much of the types of node-x12 as is used. */
interface NodeX12 {
  readonly X12Parser: new (strict: boolean) => { parse(text: string): Interchange }
  readonly X12ValidationEngine: new () => { assert(actual: unknown, expected: unknown): unknown }
  readonly X12TransactionRule: new (options: unknown) => unknown
  readonly X12TransactionMap: new (map: object, transaction: unknown) => { toObject(): unknown }
}

interface Interchange {
  readonly functionalGroups: readonly { readonly transactions: readonly { readonly segments: unknown[] }[] }[]
}

/** What is done with a transaction beside cutting it. */
export type Beside = 'nothing' | 'validating' | 'mapping' | 'validating and mapping'

const DOES: Readonly<Record<Beside, string>> = {
  nothing: 'cut, trailers checked',
  validating: 'cut, checked against a list of segments',
  mapping: 'cut, read into strings by its mapping',
  'validating and mapping': 'cut, checked against a list of segments, read into strings by its mapping',
}

/**
 * node-x12 1.7.1 (MIT): parses strictly, which checks ISA, GS and ST against their trailers.
 *
 * Validating, each transaction is held against a rule for our sample: its segments in their order, and that each element is
 * there. Mapping, it is turned into an object by a map for our sample, of the same fields as ours. It has no 278 of its own: no
 * loops, codes, dates or HL parents are checked, and no composite is taken apart.
 */
export function nodeX12(folder: string | undefined, beside: Beside): Contestant {
  const { X12Parser, X12ValidationEngine, X12TransactionRule, X12TransactionMap } = findPeer<NodeX12>(
    'node-x12',
    folder,
  )
  const rule = new X12TransactionRule(ruleOf(anInterchange(0)))
  const validate = (transaction: unknown) => {
    const verdict = new X12ValidationEngine().assert(transaction, rule)
    if (verdict !== true) throw new Error(JSON.stringify(verdict))
  }
  const map = (transaction: unknown) => {
    const mapped = new X12TransactionMap(REQUEST_MAP, transaction).toObject() as typeof REQUEST_MAP
    if (!mapped.event.lines.period) throw new Error('the sample was not mapped')
    return mapped
  }
  const read = (text: string) => {
    const transactions = new X12Parser(true)
      .parse(text)
      .functionalGroups.flatMap((group) => group.transactions)
    if (beside.startsWith('validating')) transactions.forEach(validate)
    if (beside.endsWith('mapping')) return transactions.map(map).length
    return transactions.length
  }
  return { does: DOES[beside], one: read, large: read }
}

function ruleOf(text: string) {
  const segments = text
    .slice(text.indexOf('ST*'), text.indexOf('GE*'))
    .split('~')
    .slice(0, -1)
    .map((segment) => {
      const [tag, ...values] = segment.split('*')
      const elements = values.map((value) =>
        value === '' ? { skip: true } : { mandatory: true, minMax: [1, 264] },
      )
      return { tag, mandatory: true, elements }
    })
  return {
    segments: segments.slice(1, -1),
    header: { tag: 'ST', elements: 'skip' },
    trailer: { tag: 'SE', elements: 'skip' },
  }
}
