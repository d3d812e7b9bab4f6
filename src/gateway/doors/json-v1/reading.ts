import type { FastifyRequest } from 'fastify'
import type { Envelope } from '../../../formats/x12/index.ts'
import { Problem } from '../../../kernel/problem.ts'
import type { Decoded, Fault } from '../../../kernel/result.ts'
import type { DoorDeps } from '../model.ts'
import type { Askable, Operation, Told } from './operations/model.ts'

/** A request as this door read it, whichever of its spellings it came in. */
export interface Asked<T> {
  readonly value: T
  readonly format: 'json' | 'x12'
  /** The body, or the interchange within it, as received. */
  readonly raw: Uint8Array
  readonly notes: readonly Fault[]
  /** What tells a retry from another request of the same sender, who need not send a key: the control numbers. */
  readonly controls: readonly string[]
  /** Whether the answer is marked as a test (X12 ISA15). */
  readonly usage: 'T' | 'P'
  /** The envelope that it came in, when it came as an interchange: the answer turns it round. */
  readonly envelope?: Envelope
}

/** @throws Problem `request/invalid` with every fault */
export function readAsJson<T extends Askable, R extends Told>(
  operation: Operation<T, R>,
  request: FastifyRequest,
  { environment }: DoorDeps,
): Asked<T> {
  const { value, notes } = accepted(operation.readJson(request.body), 'The body')
  return {
    value,
    format: 'json',
    raw: request.rawBody,
    notes,
    controls: [value.correspondence.senderId, value.correspondence.transactionIdentifier],
    usage: environment === 'sandbox' ? 'T' : 'P',
  }
}

/** @throws Problem `request/invalid` with every fault */
export function readAsX12<T extends Askable, R extends Told>(
  operation: Operation<T, R>,
  request: Pick<FastifyRequest, 'body'>,
  { environment }: Pick<DoorDeps, 'environment'>,
): Asked<T> {
  const { value, notes } = accepted(operation.readX12(request.body), 'The interchange')
  const { asked, envelope, text } = value
  if (environment === 'production' && envelope.usage === 'T')
    throw new Problem(
      'request/invalid',
      'The interchange is marked as a test; production makes no case of it, and nothing was stored.',
      {
        faults: [
          {
            at: 'ISA-15',
            message: 'expected P (production), found T (test)',
            remedy: 'Send it to the sandbox, or mark it P.',
          },
        ],
      },
    )
  return {
    value: asked,
    format: 'x12',
    raw: new TextEncoder().encode(text),
    notes: environment === 'sandbox' && envelope.usage === 'P' ? [...notes, MARKED_FOR_PRODUCTION] : notes,
    controls: [
      envelope.senderId,
      envelope.interchangeControlNumber,
      envelope.groupControlNumber,
      envelope.transactionControlNumber,
      envelope.beginningReference,
    ],
    usage: envelope.usage,
    envelope,
  }
}

const MARKED_FOR_PRODUCTION: Fault = {
  at: 'ISA-15',
  message: 'marked for production (P), and this is the sandbox: nothing here has an effect outside it',
}

function accepted<T>(decoded: Decoded<T>, what: string): Extract<Decoded<T>, { ok: true }> {
  if (decoded.ok) return decoded
  const count = decoded.faults.length
  throw new Problem(
    'request/invalid',
    `${what} has ${count === 1 ? 'one fault' : `${count} faults`}; nothing was stored. Mend what is listed and send it again.`,
    { faults: decoded.faults },
  )
}
