// Work for tests, as small as it can be.
import { iso, noon } from '../testing'
import type { Offer, Order, Stop, Work } from './api'
import type { Action, Kind } from './queue/action'

export { iso, noon }

export const store = { lat: 43.77, lng: 11.25 }
export const door = { lat: 43.78, lng: 11.26 }

export function order(id: string, change: Partial<Order> = {}): Order {
  return {
    id, state: 'assigned', version: 3, external_id: '', store_id: 'sto_a', store_name: 'Da Mario', store_address: 'Via Roma 1', pickup: { location: store },
    dropoff: { location: door, address: 'Via Dante 2', contact_name: 'Anna' }, items: [{ name: 'Ribollita', quantity: 1 }], load: 1,
    proof: { photo: false, signature: false, pin: false, barcode: false, min_age: 0 }, cash_on_delivery: null, masked_call: false,
    ready_estimate: iso(300), ready_at: null, promise_at: iso(1800), waiting_since: null, picked_up_at: null, ended_at: null, ...change,
  }
}

export function stop(order_id: string, kind: Stop['kind'], change: Partial<Stop> = {}): Stop {
  return {
    order_id, kind, location: kind === 'pickup' ? store : door, name: kind === 'pickup' ? 'Da Mario' : 'Anna', address: '', instructions: '', handover_id: '',
    arrive_at: iso(600), depart_at: iso(660), ready_estimate: null, suggested: null, ...change,
  }
}

// work is a plan of orders at one store, all picked up before the first is delivered.
export function work(...orders: Order[]): Work {
  return { offers: [], plan: { version: 1, since: null, changes: [], orders, stops: [...orders.map((o) => stop(o.id, 'pickup')), ...orders.map((o) => stop(o.id, 'dropoff'))] } }
}

export function offer(change: Partial<Offer> = {}): Offer {
  return {
    id: 'ofr_a', state: 'open', order_ids: ['ord_a'], stops: [], made_at: iso(0), expires_at: iso(45), seen_at: null, answered_at: null, reason: '', distance_m: 400, orders: [], ...change,
  }
}

let n = 0
export function action(kind: Kind, about: string, change: Partial<Action> = {}): Action {
  n++
  return { n, id: `act-${n}`, rider: 'rid_a', at: iso(n), kind, about, name: '', tries: 0, ...change }
}
