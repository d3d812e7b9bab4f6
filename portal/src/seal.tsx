/** The mark of the house: a seal. Red where something has become true; ink elsewhere. */
export function Seal({ size = 28, pressed = false }: { readonly size?: number; readonly pressed?: boolean }) {
  const colour = pressed ? 'var(--seal)' : 'var(--ink)'
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" fill="none" stroke={colour}>
      <circle cx="16" cy="16" r="13" strokeWidth="2" />
      <circle cx="16" cy="16" r="9" strokeWidth="1" />
      {pressed && (
        <path d="M11.5 16.5l3 3 6-7" strokeWidth="2.2" strokeLinecap="round" strokeLinejoin="round" />
      )}
    </svg>
  )
}
