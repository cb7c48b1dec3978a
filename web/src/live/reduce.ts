// What the stream says, as a state. Pure: a batch of messages makes one new state, untouched parts keep their identity.
import type { AlertRow, Kpi, OrderRow, RiderRow, StoreRow, StreamMessage } from '../api/types'

export interface Live {
  orders: ReadonlyMap<string, OrderRow>
  riders: ReadonlyMap<string, RiderRow>
  stores: ReadonlyMap<string, StoreRow>
  alerts: readonly AlertRow[]
  kpi: Kpi | null
}

export const nothing: Live = { orders: new Map(), riders: new Map(), stores: new Map(), alerts: [], kpi: null }

export function reduce(before: Live, batch: readonly StreamMessage[]): Live {
  let { orders, riders, stores, alerts, kpi } = before
  let ownOrders: Map<string, OrderRow> | null = null // copied once per batch, on the first write
  let ownRiders: Map<string, RiderRow> | null = null
  for (const m of batch) {
    switch (m.event) {
      case 'snapshot':
        orders = ownOrders = new Map((m.data.orders ?? []).map((o) => [o.id, o]))
        riders = ownRiders = new Map((m.data.riders ?? []).map((r) => [r.id, r]))
        stores = new Map((m.data.stores ?? []).map((s) => [s.id, s]))
        alerts = m.data.alerts ?? []
        kpi = m.data.kpi
        break
      case 'orders':
        orders = ownOrders ??= new Map(orders)
        for (const o of m.data.rows ?? []) {
          const had = ownOrders.get(o.id)
          if (!had || had.version <= o.version) ownOrders.set(o.id, o) // a row that was overtaken is not taken back
        }
        for (const id of m.data.gone ?? []) ownOrders.delete(id)
        break
      case 'riders':
        riders = ownRiders ??= new Map(riders)
        for (const r of m.data.rows ?? []) {
          if (r.presence === 'offline' && r.orders.length === 0) ownRiders.delete(r.id) // the shift is over
          else ownRiders.set(r.id, r)
        }
        break
      case 'positions':
        break // they go to the tracks (live/tracks.ts): too many to pass through React
      case 'alerts':
        alerts = m.data.rows ?? []
        break
      case 'kpi':
        kpi = m.data
        break
    }
  }
  if (orders === before.orders && riders === before.riders && stores === before.stores && alerts === before.alerts && kpi === before.kpi) return before
  return { orders, riders, stores, alerts, kpi }
}
