// What may be handed over together, and what it would mean. Pure.
import type { HandoverPreview, OrderRow, OrderState, Taker } from '../api/types'

const before = (s: OrderState) => s === 'assigned' || s === 'at_store'

export const givable = (s: OrderState) => before(s) || s === 'picked_up'

// together are the rider's orders that can go with one of them: either all are on board or none is.
export function together(orders: Iterable<OrderRow>, with_: OrderRow): OrderRow[] {
  return [...orders].filter((o) => o.rider_id === with_.rider_id && givable(o.state) && before(o.state) === before(with_.state))
}

// first is the order that a rider's handover begins with: one that is not picked up, if there is one.
export function first(orders: Iterable<OrderRow>, rider: string): OrderRow | undefined {
  const own = [...orders].filter((o) => o.rider_id === rider && givable(o.state))
  return own.find((o) => before(o.state)) ?? own[0]
}

// laterS is by how many seconds the order that it meets the most would come later than with the giver; below zero: sooner. Null: no estimate.
export function laterS(p: HandoverPreview, taker: Taker): number | null {
  const more = p.orders.flatMap((o, i) => (o.eta_at && taker.doors[i] ? [(Date.parse(taker.doors[i].at) - Date.parse(o.eta_at)) / 1000] : []))
  return more.length ? Math.max(...more) : null
}
