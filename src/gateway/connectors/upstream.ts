import type { PayerId } from '../../kernel/ids.ts'
import type { PayerOperation } from '../payers/index.ts'

/** What an interchange travels in. */
export const ENVELOPES = ['post', 'soap', 'mime'] as const
export type EnvelopeKind = (typeof ENVELOPES)[number]

/** The operations that may have an address of their own. */
export type OperationUrls = Readonly<Partial<Record<PayerOperation, string>>>

/** A name in the ISA and in the GS, and which numbering the first is of (ISA05, ISA07). */
export interface PartyOnTheWire {
  readonly qualifier: string
  readonly id: string
  /** GS02 or GS03. */
  readonly application: string
}

/** Where and by which names a payer is asked over X12. */
export interface Upstream {
  readonly payerId: PayerId
  /** For every operation that has none of its own. */
  readonly url: string
  readonly operationUrls: OperationUrls
  readonly envelope: EnvelopeKind
  readonly sender: PartyOnTheWire
  readonly receiver: PartyOnTheWire
  /** ISA15. */
  readonly usage: 'T' | 'P'
  /** In whose name a request is given up: AAA 80 as one who passes it on, 42 as the payer itself. */
  readonly answersAs: 'intermediary' | 'payer'
  /** For one request, from the look-up of the name to the last byte. */
  readonly timeoutMs: number
  /** After the first attempt. */
  readonly retries: number
}

/** OAuth client credentials; absent where the far end asks for none. */
export interface UpstreamCredentials {
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope?: string
}
