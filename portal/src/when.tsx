const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

/** How far a moment is from now, in the largest unit that it fills: `3 days ago`, `in 2 hours`, `now`. */
export function fromNow(moment: string, now = Date.now()): string {
  const seconds = (Date.parse(moment) - now) / 1000
  const unit = UNITS.find(([, length]) => Math.abs(seconds) >= length)
  return unit ? relative.format(Math.round(seconds / unit[1]), unit[0]) : 'now'
}

/** A moment as people say it, with the exact one, and its zone, on hover. */
export function When({ moment }: { readonly moment: string }) {
  return (
    <time
      dateTime={moment}
      title={new Date(moment).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' })}
    >
      {fromNow(moment)}
    </time>
  )
}
