import type { FastifyReply } from 'fastify'
import { Problem } from '../../../kernel/problem.ts'

/** Documents that are on their way at one time, so that nobody can fill the memory with them. */
export interface Transfers {
  /**
   * Takes a place until the answer has left or its caller has.
   *
   * @throws Problem `system/unavailable`
   */
  hold(organizationId: string, answer: FastifyReply['raw']): void
}

export interface TransferBounds {
  readonly all: number
  readonly ofACompany: number
}

/** In: each is in memory sealed and unsealed. */
export const UPLOADS: TransferBounds = { all: 16, ofACompany: 4 }
/** Out: each is in memory until its reader has read it. */
export const DOWNLOADS: TransferBounds = { all: 32, ofACompany: 8 }

/** Who waits for events: each asks the database once a second. */
export const WAITERS: TransferBounds = { all: 64, ofACompany: 4 }

/** Counts by company: however many clients it has, they share its places. */
export function boundTransfers({ all: most, ofACompany }: TransferBounds): Transfers {
  const byCompany = new Map<string, number>()
  let all = 0
  return {
    hold: (organizationId, answer) => {
      const own = byCompany.get(organizationId) ?? 0
      if (all >= most || own >= ofACompany)
        throw new Problem(
          'system/unavailable',
          `As many as are served at one time are on their way: ${ofACompany} of a company, ${most} in all. Ask again.`,
          { retryAfterSeconds: 1 },
        )
      // Who left while their token was looked at is not waited for: their end was told already.
      if (answer.closed || answer.destroyed) return
      all++
      byCompany.set(organizationId, own + 1)
      answer.once('close', () => {
        all--
        const left = (byCompany.get(organizationId) ?? 1) - 1
        if (left > 0) byCompany.set(organizationId, left)
        else byCompany.delete(organizationId)
      })
    },
  }
}
