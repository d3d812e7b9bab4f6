import { Problem } from '../../../kernel/problem.ts'

/** Each holds its document in memory, sealed and unsealed. */
export const MOST_UPLOADS = 16
export const MOST_UPLOADS_OF_A_CLIENT = 4

/** The documents that are on their way in, so that nobody can fill the memory with them. */
export interface Uploads {
  /**
   * Takes a place until it is given back.
   *
   * @throws Problem `system/unavailable`
   */
  take(clientId: string): () => void
}

export function boundUploads(): Uploads {
  const byClient = new Map<string, number>()
  let all = 0
  return {
    take: (clientId) => {
      const own = byClient.get(clientId) ?? 0
      if (all >= MOST_UPLOADS || own >= MOST_UPLOADS_OF_A_CLIENT)
        throw new Problem(
          'system/unavailable',
          `As many documents as are taken at one time are on their way: ${MOST_UPLOADS_OF_A_CLIENT} of a client, ${MOST_UPLOADS} in all. Send this one again.`,
          { retryAfterSeconds: 1 },
        )
      all++
      byClient.set(clientId, own + 1)
      let isTaken = true
      return () => {
        if (!isTaken) return
        isTaken = false
        all--
        const left = (byClient.get(clientId) ?? 1) - 1
        if (left > 0) byClient.set(clientId, left)
        else byClient.delete(clientId)
      }
    },
  }
}
