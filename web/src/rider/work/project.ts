// What the rider sees: the server's last word, and on top of it what was done since and is still waiting to be sent. Pure.
import type { Order, OrderState, Stop, Work } from '../api'
import { isStep, type Action, type StepKind } from '../queue/action'
import { flowOf } from './trouble'

// Actions answered a moment ago are laid over it as well: the stream may still bring what was true before them.

// The lifecycle as far as a rider moves it (docs/lifecycle.md). A step that doesn't fit is already in the server's word, or void.
const moves: Record<StepKind, { from: OrderState[]; to: OrderState }> = {
  'arrive-store': { from: ['assigned'], to: 'at_store' },
  'pickup': { from: ['assigned', 'at_store'], to: 'picked_up' },
  'arrive-door': { from: ['picked_up'], to: 'at_door' },
  'deliver': { from: ['picked_up', 'at_door'], to: 'delivered' },
  'fail': { from: ['picked_up', 'at_door'], to: 'returning' },
  'return': { from: ['returning'], to: 'returned' },
}

export function project(work: Work, actions: readonly Action[]): Work {
  return actions.reduce(apply, work)
}

function apply(w: Work, a: Action): Work {
  if (a.kind === 'accept') return w // not ours before the server says so
  if (a.kind === 'decline') return { ...w, offers: w.offers.filter((o) => o.id !== a.about) }
  if (a.kind === 'take-over') { // the food is in the rider's bag, whatever the server knows of it
    return { ...w, plan: { ...w.plan, stops: w.plan.stops.filter((s) => s.kind !== 'take_over' || s.handover_id !== a.about) } }
  }
  const kind = isStep(a.kind) ? a.kind : a.trouble && flowOf(a.trouble) === 'returns' ? 'fail' : null
  if (!kind) return w // what else a report leads to, the server says
  const o = w.plan.orders.find((x) => x.id === a.about)
  const m = moves[kind]
  if (!o || !m.from.includes(o.state)) return w
  const moved: Order = { ...o, state: m.to, ...(kind === 'pickup' && { picked_up_at: a.at }) }
  const stops = w.plan.stops.flatMap((s) => stopAfter(s, moved, kind))
  return { ...w, plan: { ...w.plan, stops, orders: w.plan.orders.map((x) => (x === o ? moved : x)).filter((x) => stops.some((s) => s.order_id === x.id)) } }
}

function stopAfter(s: Stop, o: Order, kind: StepKind): Stop[] {
  if (s.order_id !== o.id) return [s]
  switch (kind) {
    case 'pickup':
      return s.kind === 'pickup' ? [] : [s]
    case 'deliver':
    case 'return':
      return []
    case 'fail': // the food goes back
      return [{ ...s, location: o.pickup.location, name: o.store_name, address: o.store_address, instructions: '' }]
    default:
      return [s]
  }
}
