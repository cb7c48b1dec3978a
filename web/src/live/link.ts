// live: heard just now · reconnecting: the line is down, what we show is recent · stale: too old to act upon
export type Link = 'connecting' | 'live' | 'reconnecting' | 'stale'

export const staleAfterMs = 10_000

export function linkOf(connected: boolean, hasSnapshot: boolean, silentMs: number): Link {
  if (silentMs > staleAfterMs) return 'stale'
  if (!hasSnapshot) return 'connecting'
  return connected ? 'live' : 'reconnecting'
}
