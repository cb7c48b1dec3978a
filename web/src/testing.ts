// Rows for tests, as small as they can be.
import type { Candidate, OrderRow, RiderRow } from './api/types'

export const noon = Date.parse('2026-03-12T12:00:00Z')
export const iso = (offsetS: number) => new Date(noon + offsetS * 1000).toISOString()

export function orderRow(change: Partial<OrderRow> = {}): OrderRow {
  return {
    id: 'ord_a', external_id: '', job_id: '', state: 'assigned', version: 1, store_id: 'sto_a', store_name: 'Store', zone_id: 'zon_a', rider_id: 'rid_a', offer_rider_id: '',
    placed_at: iso(-600), due_at: iso(-600), promise_at: iso(1200), ready_estimate: iso(0), ready_at: null, eta_at: iso(600), picked_up_at: null, ended_at: null,
    pickup: { lat: 43.77, lng: 11.25 }, dropoff: { lat: 43.78, lng: 11.26 }, address: 'Via Roma 1', reason: '', declines: 0, ...change,
  }
}

export function riderRow(change: Partial<RiderRow> = {}): RiderRow {
  return {
    id: 'rid_a', name: 'Anna', vehicle: 'ebike', presence: 'idle', lat: 43.77, lng: 11.25, heading: null, at: iso(0), orders: [], stops: [], capacity: 8,
    max_orders: 4, shift_ends_at: iso(7200), ...change,
  }
}

export function candidate(change: Partial<Candidate> = {}): Candidate {
  return {
    rider_id: 'rid_a', rider_name: 'Anna', cost: 20, terms: { click_to_door: 18, late: 0, work: 2, pay: 0, others: 0, position: 0, idle: 0, earned: 0 }, feasible: true, reason: '',
    pickup_at: iso(300), dropoff_at: iso(900), orders: 0, distance_m: 420, idle_s: 0, earned_pct: 0, ...change,
  }
}
