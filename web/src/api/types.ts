// The server's words, as the console reads them: aliases of what is generated from docs/openapi.json (npm run generate).
// Times are RFC 3339 in UTC.
import type { components } from './schema.gen'

type S = components['schemas']

export type OrderRow = S['OrderRow']
export type OrderState = OrderRow['state']
export type RiderRow = S['RiderRow']
export type Presence = RiderRow['presence']
export type StoreRow = S['StoreRow']
export type Vehicle = S['RiderProfile']['vehicle']
export type StopKind = S['RowStop']['kind']
export type LatLng = S['LatLng']
export type AlertRow = S['AlertRow']
export type Kpi = S['KPI']

export type Session = S['StaffLogin']
export type Settings = S['Settings']
export type Zone = S['Zone']

export type OrderFull = S['Order']
export type OrderEvent = Omit<S['OrderEvent'], 'data'> & { data?: unknown }
export type Terms = S['Terms']
export type Candidate = S['Candidate']
export type Decision = S['Decision']
export type Handover = S['Handover']
export type HandoverPreview = S['HandoverPreview']
export type Taker = S['Taker']
export type NewHandover = S['StaffHandover']
export type OrderDetail = Omit<S['OrderDetail'], 'events'> & { events: OrderEvent[] }
export type PlanStop = S['Stop']
export type RiderDetail = S['RiderDetail']
export type Fault = S['ConsoleCancelInputBody']['fault']

// The document can't tell a tuple.
export type PositionTuple = [rider: string, lat: number, lng: number, heading: number | null, atMs: number]

export type StreamMessage =
  | { event: 'snapshot'; data: S['Snapshot'] }
  | { event: 'orders'; data: S['OrdersChanged'] }
  | { event: 'riders'; data: S['RidersChanged'] }
  | { event: 'positions'; data: { now: string; p: PositionTuple[] } }
  | { event: 'alerts'; data: S['AlertsChanged'] }
  | { event: 'kpi'; data: Kpi }
