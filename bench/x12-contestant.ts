import { createRequire } from 'node:module'
import { join } from 'node:path'

/** A codec that is measured. Each work gives the number of segments or transactions it saw, so that none can be skipped. */
export interface Contestant {
  /** What it does with a text, in words for the table. */
  readonly does: string
  /** Reads one interchange with one request in it. */
  one(text: string): number | Promise<number>
  /** Reads one interchange with many requests in it. */
  large(text: string): number | Promise<number>
  /** Reads a stream of interchanges; absent for one that cannot. */
  stream?(source: Iterable<Uint8Array>): Promise<number>
}

/**
 * Finds a peer, which is a development dependency.
 *
 * @param folder where `node_modules` is, when not here
 */
export function findPeer<T>(name: string, folder = import.meta.dirname): T {
  return createRequire(join(folder, 'peer.cjs'))(name) as T
}
