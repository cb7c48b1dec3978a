// Shifts that are booked ahead. Places are the server's to give: nothing here is kept for later.
import type { Booking, Slot } from '../api'
import { SignedOut, Unreachable, type Answer } from '../queue/outcome'
import { call } from '../session'
import { useRider } from '../state'

export type Refusal = 'needsNetwork' | 'full' | 'overlaps' | 'closed' | 'failed'

export const readSlots = () => ask<{ data: Slot[] }>(() => call('GET', '/v1/rider/slots?days=7'))
export const book = (s: Slot) => ask<Booking>(() => call('POST', '/v1/rider/bookings', { template_id: s.template_id, day: s.day }))
export const cancel = (b: Booking) => ask<unknown>(() => call('DELETE', `/v1/rider/bookings/${b.id}`))

async function ask<T>(send: () => Promise<Answer>): Promise<{ got: T } | { why: Refusal }> {
  try {
    const a = await send()
    return a.ok ? { got: a.body as T } : { why: refusalOf(a.problem.code) }
  } catch (e) {
    if (e instanceof SignedOut) useRider.setState({ session: null, ended: true })
    else if (!(e instanceof Unreachable)) throw e
    return { why: 'needsNetwork' }
  }
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
