// Handovers as the phone shows them. Pure.
import type { Handover, Order } from '../api'

// withHandover has one as it is now.
export const withHandover = (all: readonly Handover[], h: Handover): Handover[] => [h, ...all.filter((x) => x.id !== h.id)]

// answered leaves out one that the rider has just agreed to, unless the stream was faster than the answer and has told how it stands.
export const answered = (all: readonly Handover[], id: string): Handover[] => all.filter((x) => x.id !== id || x.state !== 'open')

// latestOf is how the last handover of some of the rider's orders stands, if the rider gave them.
export const latestOf = (all: readonly Handover[], orders: readonly string[]): Handover | undefined =>
  all.find((h) => h.mine && h.order_ids.some((o) => orders.includes(o)))

// together are the orders that may go with some: all on board, or none of them.
export function together(all: readonly Order[], first: Order): Order[] {
  const open = (o: Order) => o.state === 'assigned' || o.state === 'at_store'
  return all.filter((o) => (first.state === 'picked_up' ? o.state === 'picked_up' : open(o)))
}
