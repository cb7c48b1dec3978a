// What the map shows of orders: one mark per store with food to fetch, one per drop-off under way. Pure.
import type { OrderRow, StoreRow } from '../api/types'
import { mercatorX, mercatorY } from '../live/tracks'
import { aboard, ended, standing, worse, type Band } from '../queue/bands'

export interface StoreMark { id: string; name: string; x: number; y: number; orders: string[]; band: Band } // orders: the most urgent first
export interface DropMark { id: string; x: number; y: number; band: Band }
export interface Scene { stores: StoreMark[]; drops: DropMark[] }

export function sceneOf(orders: Iterable<OrderRow>, stores: Iterable<StoreRow>, nowMs: number): Scene {
  const byStore = new Map<string, StoreMark & { keys: [number, string][] }>()
  for (const s of stores) {
    byStore.set(s.id, { id: s.id, name: s.name, x: mercatorX(s.location.lng), y: mercatorY(s.location.lat), orders: [], keys: [], band: 'done' })
  }
  const drops: DropMark[] = []
  for (const o of orders) {
    if (ended(o.state)) continue
    const { band, key } = standing(o, nowMs)
    if (aboard(o.state)) {
      drops.push({ id: o.id, x: mercatorX(o.dropoff.lng), y: mercatorY(o.dropoff.lat), band })
      continue
    }
    let s = byStore.get(o.store_id)
    if (!s) {
      s = { id: o.store_id, name: o.store_name, x: mercatorX(o.pickup.lng), y: mercatorY(o.pickup.lat), orders: [], keys: [], band: 'done' }
      byStore.set(o.store_id, s)
    }
    s.keys.push([key, o.id])
    s.band = worse(band, s.band)
  }
  for (const s of byStore.values()) s.orders = s.keys.sort((a, b) => b[0] - a[0]).map(([, id]) => id)
  // The urgent are drawn last, on top.
  const rank: Record<Band, number> = { done: 0, ok: 1, waiting: 2, risk: 3, late: 4 }
  return {
    stores: [...byStore.values()].sort((a, b) => rank[a.band] - rank[b.band]),
    drops: drops.sort((a, b) => rank[a.band] - rank[b.band]),
  }
}
