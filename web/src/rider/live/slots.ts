// Shifts that are booked ahead. Places are the server's to give: nothing here is kept for later.
import type { Booking, Slot } from '../api'
import { ask, type Asked } from './ask'

export type Refusal = 'needsNetwork' | 'full' | 'overlaps' | 'closed' | 'failed'

export const readSlots = () => ask<{ data: Slot[] }>('GET', '/v1/rider/slots?days=7').then(told)
export const book = (s: Slot) => ask<Booking>('POST', '/v1/rider/bookings', { template_id: s.template_id, day: s.day }).then(told)
export const cancel = (b: Booking) => ask<unknown>('DELETE', `/v1/rider/bookings/${b.id}`).then(told)

function told<T>(a: Asked<T>): { got: T } | { why: Refusal } {
  if ('got' in a) return a
  return { why: 'unreachable' in a ? 'needsNetwork' : refusalOf(a.refused.code) }
}

function refusalOf(code: string): Refusal {
  switch (code) {
    case 'slot_full':
      return 'full'
    case 'slot_overlaps':
      return 'overlaps'
    case 'slot_closed':
    case 'slot_unavailable':
      return 'closed'
  }
  return 'failed'
}
