// What to do next: one place, one button. Pure.
import type { LatLng, Order, Plan, Stop } from '../api'
import type { StepKind } from '../queue/action'

export interface Step {
  where: 'store' | 'door' | 'back' | 'give' | 'take' // back: what could not be delivered returns to its store; give, take: a colleague is met
  stop: Stop
  orders: Order[] // at a store all that are picked up there now, with a colleague all that change hands, else one
  arrived: boolean
  seems: string // since when the rider seems to be there, who has not said so; empty: not
}

// stepsOf are the plan's stops, what is picked up together in one.
export function stepsOf(plan: Plan): Step[] {
  const orders = new Map(plan.orders.map((o) => [o.id, o]))
  const steps: Step[] = []
  for (const stop of plan.stops) {
    const o = orders.get(stop.order_id)
    if (!o) continue
    const last = steps.at(-1)
    const seems = stop.suggested?.at ?? ''
    if (stop.kind === 'hand_over' || stop.kind === 'take_over') {
      if (last?.stop.handover_id === stop.handover_id) last.orders.push(o)
      else steps.push({ where: stop.kind === 'hand_over' ? 'give' : 'take', stop, orders: [o], arrived: false, seems: '' })
    } else if (stop.kind === 'pickup') {
      if (last?.where === 'store' && last.orders[0]!.store_id === o.store_id && samePlace(last.stop.location, stop.location)) {
        last.orders.push(o)
        last.arrived &&= o.state !== 'assigned'
        last.seems ||= seems
      } else steps.push({ where: 'store', stop, orders: [o], arrived: o.state !== 'assigned', seems })
    } else if (o.state === 'returning') steps.push({ where: 'back', stop, orders: [o], arrived: true, seems: '' })
    else steps.push({ where: 'door', stop, orders: [o], arrived: o.state === 'at_door', seems })
  }
  return steps
}

const samePlace = (a: LatLng, b: LatLng) => Math.abs(a.lat - b.lat) < 1e-4 && Math.abs(a.lng - b.lng) < 1e-4

// arrivalOf says for which orders the rider has just arrived, and how that is called.
export function arrivalOf(s: Step): { kind: StepKind; orders: Order[] } {
  if (s.where === 'store') return { kind: 'arrive-store', orders: s.orders.filter((o) => o.state === 'assigned') }
  return { kind: 'arrive-door', orders: s.orders.filter((o) => o.state === 'picked_up') }
}

// lacking is what the customer's door still demands.
export interface Brought { photos: number; signed: boolean; pin: string; barcode: string; aged: boolean; paid: boolean }
export type Demand = 'photo' | 'signature' | 'pin' | 'barcode' | 'age' | 'cash'

export function demandsOf(o: Order): Demand[] {
  const d: Demand[] = []
  if (o.cash_on_delivery) d.push('cash')
  if (o.proof.min_age > 0) d.push('age')
  if (o.proof.pin) d.push('pin')
  if (o.proof.barcode) d.push('barcode')
  if (o.proof.photo) d.push('photo')
  if (o.proof.signature) d.push('signature')
  return d
}

export function lackingOf(o: Order, b: Brought): Demand[] {
  const there: Record<Demand, boolean> = {
    photo: b.photos > 0, signature: b.signed, pin: /^\d{4,6}$/.test(b.pin), barcode: b.barcode.trim() !== '', age: b.aged, cash: b.paid,
  }
  return demandsOf(o).filter((d) => !there[d])
}
