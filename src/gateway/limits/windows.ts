import type { Instant } from '../../kernel/time.ts'

/** How a key stands in its window. */
export interface Tally {
  readonly isOver: boolean
  readonly remaining: number
  /** When the window ends, and the count with it. */
  readonly resetAt: Instant
  /** How many were refused in this window, this one included. */
  readonly refused: number
  /** How many were refused in the window before, as far as that is still known. */
  readonly refusedBefore: number
}

export interface Windows {
  /** Counts one, or refuses it. */
  add(key: string, now: Instant): Tally
  /** Takes one back that was counted. */
  giveBack(key: string): void
  /** How many keys are held. */
  readonly size: number
}

interface Window {
  readonly beganAt: Instant
  readonly refusedBefore: number
  count: number
  refused: number
}

/**
 * Counts by key, each in windows that begin with the first of their count.
 *
 * Memory is bounded: when there are too many keys the oldest is forgotten, and those that have used half of their quota
 * only when there are no others. So to have a count forgotten that matters, somebody must bring as many other keys to
 * half of theirs: `maxKeys` times `quota / 2` requests in one window, from as many addresses.
 *
 * @param quota    how many are counted in one window, before further ones are refused
 * @param windowMs how long a window lasts
 * @param maxKeys  how many keys are held at most
 */
export function openWindows(quota: number, windowMs: number, maxKeys: number): Windows {
  // In the order in which they came; a key is in one of the two.
  const few = new Map<string, Window>()
  const many = new Map<string, Window>()

  const forgetOne = (now: Instant) => {
    const [key] = few.size > 0 ? few.keys() : [endedOf(now) ?? oldestOf()]
    if (key !== undefined && !few.delete(key)) many.delete(key)
  }
  // Those that have used half stand in the order in which they came to that, not in which their windows began.
  const endedOf = (now: Instant) => [...many].find(([, { beganAt }]) => now >= beganAt + windowMs)?.[0]
  const oldestOf = () => many.keys().next().value
  const forgetEnded = (windows: Map<string, Window>, now: Instant) => {
    for (const [key, { beganAt }] of windows) {
      if (now < beganAt + windowMs) return
      windows.delete(key)
    }
  }
  const open = (key: string, now: Instant): Window => {
    const known = many.get(key) ?? few.get(key)
    if (known && now < known.beganAt + windowMs) return known
    few.delete(key)
    many.delete(key)
    if (few.size + many.size >= maxKeys) {
      forgetEnded(few, now)
      forgetEnded(many, now)
      if (few.size + many.size >= maxKeys) forgetOne(now)
    }
    const window = { beganAt: now, count: 0, refused: 0, refusedBefore: known?.refused ?? 0 }
    few.set(key, window)
    return window
  }
  const promote = (key: string, window: Window) => {
    if (window.count < quota / 2 || many.has(key)) return
    few.delete(key)
    many.set(key, window)
  }
  const tally = (window: Window, isOver: boolean): Tally => {
    if (isOver) window.refused++
    return {
      isOver,
      remaining: Math.max(0, quota - window.count),
      resetAt: (window.beganAt + windowMs) as Instant,
      refused: window.refused,
      refusedBefore: window.refusedBefore,
    }
  }
  return {
    add: (key, now) => {
      const window = open(key, now)
      const isOver = window.count >= quota
      if (!isOver) {
        window.count++
        promote(key, window)
      }
      return tally(window, isOver)
    },
    giveBack: (key) => {
      const window = many.get(key) ?? few.get(key)
      if (window && window.count > 0) window.count--
    },
    get size() {
      return few.size + many.size
    },
  }
}
