import { type Contestant, findPeer } from './x12-contestant.ts'
import { anInterchange } from './x12-documents.ts'

/** As much of the types of node-x12 as is used. */
interface NodeX12 {
  readonly X12Parser: new (strict: boolean) => { parse(text: string): Interchange }
  readonly X12ValidationEngine: new () => { assert(actual: unknown, expected: unknown): unknown }
  readonly X12TransactionRule: new (options: unknown) => unknown
}

interface Interchange {
  readonly functionalGroups: readonly { readonly transactions: readonly { readonly segments: unknown[] }[] }[]
}

/**
 * node-x12 1.7.1 (MIT): parses strictly, which checks ISA, GS and ST against their trailers; with `validates`, each
 * transaction is then held against a rule for our sample: its segments in their order, and that each element is there.
 * It has no 278 of its own: no loops, codes, dates or HL parents are checked.
 */
export function nodeX12(folder: string | undefined, validates: boolean): Contestant {
  const { X12Parser, X12ValidationEngine, X12TransactionRule } = findPeer<NodeX12>('node-x12', folder)
  const rule = new X12TransactionRule(ruleOf(anInterchange(0)))
  const read = (text: string) => {
    const transactions = new X12Parser(true)
      .parse(text)
      .functionalGroups.flatMap((group) => group.transactions)
    for (const transaction of validates ? transactions : []) {
      const verdict = new X12ValidationEngine().assert(transaction, rule)
      if (verdict !== true) throw new Error(JSON.stringify(verdict))
    }
    return transactions.length
  }
  return {
    does: validates ? 'cut, checked against a list of segments' : 'cut, trailers checked',
    one: read,
    large: read,
  }
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
