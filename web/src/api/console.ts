// The staff API, one function per call.
import { call } from './client'
import type { Fault, Handover, OrderDetail, OrderFull, RiderDetail, Session, Settings, Zone } from './types'

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
export const handovers = (order: string, signal?: AbortSignal) =>
  call<{ data: Handover[] }>('GET', `${at}/handovers?live=true&order_id=${order}`, undefined, signal).then((r) => r.data)
export const cancelHandover = (id: string, reason: string) => call<Handover>('POST', `${at}/handovers/${id}/cancel`, { reason })
export const acknowledge = (id: string) => call<void>('POST', `${at}/incidents/${id}/acknowledge`)
