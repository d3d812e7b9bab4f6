import type {
  CoreFault,
  DecodedCoreRequest,
  EnvelopeKind,
  Metadata,
} from '../../../formats/core-envelope/index.ts'
import { Problem } from '../../../kernel/problem.ts'

type Unread = Extract<DecodedCoreRequest, { readonly ok: false }>

/** An envelope that could not be read, or that asks for what is not done here. On the record it is `request/invalid`. */
export class EnvelopeRefused extends Problem {
  readonly decoded: Unread

  constructor(decoded: Unread) {
    const faults = decoded.reason === 'soap-fault' ? decoded.refusal.faults : decoded.faults
    super(
      decoded.reason === 'faults' ? 'request/invalid' : 'request/unreadable',
      'The envelope could not be taken; nothing was stored. Mend what is listed and send it again.',
      { faults: faults.map(({ at, message, remedy }) => ({ at, message, ...(remedy && { remedy }) })) },
    )
    this.decoded = decoded
  }
}

/** One fault of an envelope that was read. */
export function refuseEnvelope(
  read: Partial<Metadata>,
  kind: EnvelopeKind,
  fault: CoreFault,
): EnvelopeRefused {
  return new EnvelopeRefused({ ok: false, reason: 'faults', faults: [fault], read, kind })
}
