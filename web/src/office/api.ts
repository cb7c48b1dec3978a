// The staff API of these pages, one function per call.
import { call } from '../api/client'
import type { components } from '../api/schema.gen'

type S = components['schemas']
export type Slot = S['Slot']
export type Booking = S['Booking']
export type Template = S['Template']
export type NewTemplate = S['NewTemplate']
export type TemplateChange = S['UpdateTemplateInputBody']
export type Weekday = Template['weekdays'][number]
export type Rider = S['RiderProfile']
export type Settlement = S['Settlement']
export type Line = S['SettlementLine']
export type Report = S['MonthReport']
export type NewAdjustment = S['AdjustmentInputBody']

interface Page<T> { data: T[]; next_cursor: string }

const at = '/v1/console'
const query = (o: Record<string, string | number | undefined>) => {
  const q = new URLSearchParams()
  for (const [k, v] of Object.entries(o)) if (v !== undefined && v !== '') q.set(k, String(v))
  return q.size ? `?${q.toString()}` : ''
}

export const slots = (zone: string, from: string, days: number, signal: AbortSignal) =>
  call<Page<Slot>>('GET', `${at}/slots${query({ zone_id: zone, from, days })}`, undefined, signal).then((r) => r.data)
export const templates = (zone: string, signal: AbortSignal) => call<Page<Template>>('GET', `${at}/shift-templates${query({ zone_id: zone })}`, undefined, signal).then((r) => r.data)
export const createTemplate = (t: NewTemplate) => call<Template>('POST', `${at}/shift-templates`, t)
export const updateTemplate = (id: string, c: TemplateChange) => call<Template>('PATCH', `${at}/shift-templates/${id}`, c)
export const book = (s: Slot, rider: string) => call<Booking>('POST', `${at}/bookings`, { template_id: s.template_id, day: s.day, rider_id: rider })
export const takeOut = (b: Booking) => call<void>('DELETE', `${at}/bookings/${b.id}`)

const mostPages = 25 // of 200 riders: who has more in a zone types a name

export async function riders(zone: string, signal: AbortSignal): Promise<Rider[]> {
  const all: Rider[] = []
  let cursor = ''
  for (let n = 0; n < mostPages; n++) {
    const p = await call<Page<Rider>>('GET', `${at}/riders${query({ zone_id: zone, limit: 200, cursor })}`, undefined, signal)
    all.push(...p.data)
    if (!(cursor = p.next_cursor)) break
  }
  return all
}

export interface Filter { from: string; to: string; account: '' | 'merchant' | 'rider' }

export const settlements = (f: Filter, cursor: string, signal: AbortSignal) =>
  call<Page<Settlement>>('GET', `${at}/settlements${query({ ...f, limit: 200, cursor })}`, undefined, signal)
export const lines = (id: string, cursor: string, signal: AbortSignal) => call<Page<Line>>('GET', `${at}/settlements/${id}/lines${query({ limit: 200, cursor })}`, undefined, signal)
export const csvOf = (id: string) => `${at}/settlements/${id}/csv`
export const reportOf = (rider: string, month: string) => `${at}/riders/${rider}/reports/${month}`
export const report = (rider: string, month: string, signal: AbortSignal) => call<Report>('GET', reportOf(rider, month), undefined, signal)
export const adjust = (a: NewAdjustment) => call<unknown>('POST', `${at}/ledger/adjustments`, a)
