// The staff API, one function per call.
import { call } from './client'
import type { Fault, Handover, HandoverPreview, NewHandover, OrderDetail, OrderFull, RiderDetail, Session, Settings, Zone } from './types'

const at = '/v1/console'

export const login = (tenant: string, email: string, password: string) =>
  call<Session>('POST', `${at}/login`, { tenant, email, password })
export const logout = () => call<void>('POST', `${at}/logout`)
export const me = (signal?: AbortSignal) => call<Session>('GET', `${at}/me`, undefined, signal)
export const settings = (signal?: AbortSignal) => call<Settings>('GET', `${at}/settings`, undefined, signal)
export const zones = (signal?: AbortSignal) => call<{ data: Zone[] }>('GET', `${at}/zones`, undefined, signal).then((r) => r.data)

export const order = (id: string, signal?: AbortSignal) => call<OrderDetail>('GET', `${at}/orders/${id}`, undefined, signal)
export const rider = (id: string, signal?: AbortSignal) => call<RiderDetail>('GET', `${at}/riders/${id}`, undefined, signal)

export const assign = (id: string, rider_id: string, version: number) =>
  call<OrderFull>('POST', `${at}/orders/${id}/assign`, { rider_id, version })
export const unassign = (id: string, version: number, reason: string) =>
  call<OrderFull>('POST', `${at}/orders/${id}/unassign`, { version, reason })
export const cancel = (id: string, version: number, reason: string, fault: Fault) =>
  call<OrderFull>('POST', `${at}/orders/${id}/cancel`, { version, reason, fault })
// Of an order the newest come first, also those that have ended; of a rider those of the zone that have not.
export const handovers = (of: { order: string } | { zone: string }, signal?: AbortSignal) =>
  call<{ data: Handover[] }>('GET', `${at}/handovers?${'order' in of ? `limit=1&order_id=${of.order}` : `limit=200&live=true&zone_id=${of.zone}`}`, undefined, signal).then((r) => r.data)
export const previewHandover = (orders: readonly string[], signal?: AbortSignal) => call<HandoverPreview>('GET', `${at}/handovers/preview?order_ids=${orders.join(',')}`, undefined, signal)
export const proposeHandover = (h: NewHandover) => call<Handover>('POST', `${at}/handovers`, h)
export const cancelHandover = (id: string, reason: string) => call<Handover>('POST', `${at}/handovers/${id}/cancel`, { reason })
export const acknowledge = (id: string) => call<void>('POST', `${at}/incidents/${id}/acknowledge`)
