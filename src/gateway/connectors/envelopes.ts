import { unwrap, wrap } from '../../formats/core-envelope/index.ts'
import type { Instant } from '../../kernel/time.ts'
import type { EnvelopeKind } from './upstream.ts'

/** A body as it travels. */
export interface Wrapped {
  readonly contentType: string
  readonly body: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** What some envelopes say besides. */
export interface Along {
  readonly senderId: string
  readonly receiverId: string
  /** A UUID of its own for every message, a retry among them. */
  readonly payloadId: string
  readonly at: Instant
  readonly plan?: string
}

/** How an interchange is put into a transport's envelope, and an answer taken out of one. */
export interface TransportEnvelope {
  wrap(interchange: string, along: Along): Wrapped
  /** @returns the interchanges in it, one after the other; undefined when there is none to be found */
  unwrap(answer: { readonly contentType: string; readonly body: Uint8Array }): string | undefined
}

/** One of CAQH CORE. @see docs/decisions/0033-envelopes.md */
const core = (envelope: 'soap' | 'mime'): TransportEnvelope => ({
  wrap: (interchange, along) => wrap({ envelope, interchange, ...along }),
  unwrap: (answer) => {
    const read = unwrap(answer)
    return read.ok ? read.interchange : undefined
  },
})

/** One line for each envelope. */
const ENVELOPES: Readonly<Record<EnvelopeKind, TransportEnvelope>> = {
  soap: core('soap'),
  mime: core('mime'),
  post: {
    wrap: (interchange, { plan }) => ({
      contentType: 'application/json',
      body: Buffer.from(
        JSON.stringify({ ...(plan !== undefined && { planId: plan }), x12: interchange }),
        'utf8',
      ),
    }),
    unwrap: ({ body }) => {
      const text = Buffer.from(body).toString('utf8').trim()
      if (text.startsWith('ISA')) return text
      return interchangesIn(parsed(text)) || undefined
    },
  },
}

export function transportOf(kind: EnvelopeKind): TransportEnvelope {
  return ENVELOPES[kind]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How deep below the root of an answer an interchange is looked for: `{"submission": {"x12": "ISA…"}}`. */
const DEEPEST = 3

/** The `x12` members of a JSON document. */
function interchangesIn(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return ''
  return Object.entries(value)
    .map(([name, inner]) =>
      name === 'x12' && typeof inner === 'string' ? inner.trim() : interchangesIn(inner, depth + 1),
    )
    .join('')
}
