// The riders' list: those who need a look first. Pure.
import type { Presence, RiderRow } from '../api/types'

export const presences: readonly Presence[] = ['stale', 'working', 'idle', 'offline']
export type PresenceCounts = Record<Presence, number>

const rank: Record<Presence, number> = { stale: 0, idle: 1, working: 2, offline: 3 }

export function riderList(
  riders: Iterable<RiderRow>, shown: ReadonlySet<Presence>, text: string,
): { rows: RiderRow[]; counts: PresenceCounts } {
  const counts: PresenceCounts = { stale: 0, working: 0, idle: 0, offline: 0 }
  const words = text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const rows: RiderRow[] = []
  for (const r of riders) {
    counts[r.presence]++
    const found = words.length
      ? words.every((w) => `${r.name} ${r.id} ${r.vehicle}`.toLowerCase().includes(w))
      : shown.has(r.presence)
    if (found) rows.push(r)
  }
  rows.sort((a, b) =>
    rank[a.presence] - rank[b.presence] || b.orders.length - a.orders.length || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1))
  return { rows, counts }
}
