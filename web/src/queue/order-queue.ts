// The order queue: what is shown, and in which order. Pure.
import type { OrderRow, RiderRow } from '../api/types'
import { bands, standing, type Band, type Standing } from './bands'

export interface Queued { order: OrderRow; standing: Standing }
export type BandCounts = Record<Band, number>
export interface OrderFilter { bands: ReadonlySet<Band>; text: string }

const stepS = 20 // ranks move in steps, so that neighbours don't swap each second

export function orderQueue(
  orders: Iterable<OrderRow>, riders: ReadonlyMap<string, RiderRow>, filter: OrderFilter, nowMs: number,
): { rows: Queued[]; counts: BandCounts } {
  const counts = Object.fromEntries(bands.map((b) => [b, 0])) as BandCounts
  const words = filter.text.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const rows: Queued[] = []
  for (const order of orders) {
    const s = standing(order, nowMs)
    counts[s.band]++
    // Whoever searches wants it found, in whichever band it is.
    if (words.length ? !matches(order, riders, words) : !filter.bands.has(s.band)) continue
    rows.push({ order, standing: s })
  }
  rows.sort(byUrgency)
  return { rows, counts }
}

export function byUrgency(a: Queued, b: Queued): number {
  const doneA = a.standing.band === 'done'
  if (doneA !== (b.standing.band === 'done')) return doneA ? 1 : -1
  if (doneA) return b.standing.key - a.standing.key || cmp(a.order.id, b.order.id)
  const step = Math.round(b.standing.key / stepS) - Math.round(a.standing.key / stepS)
  return step || cmp(a.order.id, b.order.id)
}

const cmp = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function matches(o: OrderRow, riders: ReadonlyMap<string, RiderRow>, words: string[]): boolean {
  const rider = riders.get(o.rider_id || o.offer_rider_id)?.name ?? ''
  const text = `${o.id} ${o.external_id} ${o.store_name} ${o.address} ${rider}`.toLowerCase()
  return words.every((w) => text.includes(w))
}
