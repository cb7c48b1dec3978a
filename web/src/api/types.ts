// The server's words, as the console reads them. Times are RFC 3339 in UTC.

export type OrderState =
  | 'scheduled' | 'pending' | 'offered' | 'assigned' | 'at_store' | 'picked_up' | 'at_door'
  | 'delivered' | 'returning' | 'returned' | 'cancelled'

export type Presence = 'offline' | 'idle' | 'working' | 'stale'
export type Vehicle = 'walking' | 'bicycle' | 'ebike' | 'motorcycle' | 'car'
export type StopKind = 'pickup' | 'dropoff'

export interface LatLng { lat: number; lng: number }

export interface User { id: string; name: string; email: string; role: 'admin' | 'dispatcher' | 'viewer' | 'finance' }
export interface Tenant { id: string; slug: string; name: string; timezone: string }
export interface Session { user: User; tenant: Tenant }

export interface Settings {
  basemap: { kind: 'none' | 'pmtiles' | 'style'; url: string }
  now: string
  clock_speed: number
}

export interface Zone {
  id: string
  name: string
  version: number
  outline: LatLng[][]
  center: LatLng
  cells: string[]
}

// The stream ------------------------------------------------------------------------------------------------------------

export interface OrderRow {
  id: string
  external_id: string
  state: OrderState
  version: number
  store_id: string
  store_name: string
  zone_id: string
  rider_id: string
  offer_rider_id: string
  placed_at: string
  promise_at: string
  ready_estimate: string
  ready_at: string | null
  eta_at: string | null
  picked_up_at: string | null
  ended_at: string | null
  pickup: LatLng
  dropoff: LatLng
  address: string
  reason: string // why it waits; '' when it does not
  declines: number
}

export interface RiderStop { order_id: string; kind: StopKind; lat: number; lng: number; arrive_at: string }

export interface RiderRow {
  id: string
  name: string
  vehicle: Vehicle
  presence: Presence
  lat: number | null
  lng: number | null
  heading: number | null
  at: string | null // of the position
  orders: string[]
  stops: RiderStop[]
  capacity: number
  max_orders: number
  shift_ends_at: string | null
}

export interface StoreRow { id: string; name: string; location: LatLng }

export interface Kpi {
  open: number
  pending: number
  offered: number
  assigned: number
  picked_up: number
  late: number
  at_risk: number
  riders_on_shift: number
  riders_idle: number
  riders_working: number
  riders_stale: number
  delivered_1h: number
  click_to_door_mean_s: number | null
  round: { at: string; took_ms: number; orders: number; riders: number; offered: number; held: number; unassigned: number } | null
}

export type PositionTuple = [rider: string, lat: number, lng: number, heading: number | null, atMs: number]

export type StreamMessage =
  | { event: 'snapshot'; data: { now: string; speed: number; orders: OrderRow[]; riders: RiderRow[]; stores: StoreRow[]; kpi: Kpi | null } }
  | { event: 'orders'; data: { now: string; rows: OrderRow[]; gone: string[] | null } }
  | { event: 'riders'; data: { now: string; rows: RiderRow[] } }
  | { event: 'positions'; data: { now: string; p: PositionTuple[] } }
  | { event: 'kpi'; data: { now: string } & Kpi }

// Details ---------------------------------------------------------------------------------------------------------------

export interface OrderRider { id: string; name: string; vehicle: Vehicle; phone?: string; location?: LatLng }

export interface OrderFull {
  id: string
  external_id: string
  merchant_id: string
  merchant_name?: string
  store_id: string
  store_name?: string
  zone_id: string
  state: OrderState
  version: number
  pickup: { location: LatLng }
  dropoff: { location: LatLng; address?: string; contact_name?: string; contact_phone?: string; instructions?: string }
  items: { name: string; quantity: number }[]
  load: number
  skills: string[]
  value: { amount: number; currency: string } | null
  placed_at: string
  due_at: string
  promise_at: string
  ready_estimate: string
  ready_at: string | null
  assigned_at: string | null
  at_store_at: string | null
  picked_up_at: string | null
  at_door_at: string | null
  ended_at: string | null
  eta_at: string | null
  rider: OrderRider | null
  cancel: { fault: string; reason: string } | null
  updated_at: string
}

export interface OrderEvent {
  version: number
  type: string
  state: OrderState
  at: string
  client_at: string | null
  actor: { kind: string; id: string; name: string }
  data?: Record<string, unknown> | null
}

export interface Terms { click_to_door: number; late: number; work: number; pay: number; others: number }

export interface Ranked {
  rider_id: string
  rider_name: string
  cost: number
  pickup_at: string | null
  dropoff_at: string | null
  terms: Terms | null
  feasible: boolean
  reason: string
  distance_m: number
  load: number
}

export interface Decision {
  first_at: string
  last_at: string
  round_id: string
  kind: 'offered' | 'assigned' | 'held' | 'waiting'
  rider_id: string
  rider_name: string
  reason: string
  terms: Terms | null
  runners_up: Ranked[] | null
}

export interface PlanStop { order_id: string; kind: StopKind; location: LatLng; arrive_at: string; depart_at: string }

export interface OrderDetail {
  order: OrderFull
  events: OrderEvent[]
  why: { decisions: Decision[]; candidates: Ranked[] }
  plan: PlanStop[]
}

export interface Offer {
  id: string
  state: 'open' | 'accepted' | 'declined' | 'expired' | 'withdrawn'
  order_ids: string[]
  made_at: string
  expires_at: string
  seen_at: string | null
  answered_at: string | null
  reason: string
}

export interface RiderDetail {
  rider: {
    id: string; zone_id: string; external_id: string; name: string; phone: string; vehicle: Vehicle
    capacity: number; max_orders: number; skills: string[]
  }
  shift: { id: string; started_at: string; ends_at: string; ended_at: string | null; delivered: number } | null
  presence: Presence
  position: { lat: number; lng: number; at: string; accuracy_m?: number; speed_mps?: number | null; heading_deg?: number | null } | null
  plan: PlanStop[]
  offers: Offer[]
}
