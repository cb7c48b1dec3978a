// How an order stands: the one judgement that list, map, header and detail share.
import type { OrderRow, OrderState } from '../api/types'

// late: will miss (or has missed) its promise · risk: little slack left · waiting: nobody has it and there is a reason
// · ok: normal · done: ended
export type Band = 'late' | 'risk' | 'waiting' | 'ok' | 'done'
export const bands: readonly Band[] = ['late', 'risk', 'waiting', 'ok', 'done']

export const riskSlackS = 180
const lateAfterS = 30 // a predicted half minute is noise
// So long an order may be without a rider before it is worth a look: not long when nobody knows why, longer while the engine
// has a plan for it.
const patienceS = 120
const planPatienceS = 480
const planned: ReadonlySet<string> = new Set(['held', 'offer_open', 'not_worth', 'pooled'])

export const ended = (s: OrderState) => s === 'delivered' || s === 'returned' || s === 'cancelled'
export const unassigned = (s: OrderState) => s === 'scheduled' || s === 'pending' || s === 'offered'
export const assignable = (s: OrderState) => s === 'pending' || s === 'offered' || s === 'assigned' || s === 'at_store'
export const unassignable = (s: OrderState) => s === 'assigned' || s === 'at_store'
export const cancellable = (s: OrderState) => unassigned(s) || unassignable(s)
export const aboard = (s: OrderState) => s === 'picked_up' || s === 'at_door' || s === 'returning'

export interface Standing {
  band: Band
  // ETA − promise in seconds, > 0: late. Without an estimate: how long ago the promise was (a lower bound).
  latenessS: number
  estimated: boolean // whether there is an ETA behind it
  key: number // for the queue: bigger is more urgent
}

// A rider-less order still needs about this long; it only ranks the queue and is never shown.
const assumedRideS = 900

export function standing(o: OrderRow, nowMs: number): Standing {
  const promise = Date.parse(o.promise_at)
  if (ended(o.state)) {
    const end = o.ended_at ? Date.parse(o.ended_at) : nowMs
    return { band: 'done', latenessS: (end - promise) / 1000, estimated: true, key: end }
  }
  const alone = unassigned(o.state)
  // Without a rider the server repeats the promise as ETA; that is no estimate.
  const estimated = o.eta_at != null && !(alone && o.eta_at === o.promise_at)
  const eta = estimated ? Math.max(Date.parse(o.eta_at!), nowMs) : nowMs
  const latenessS = (eta - promise) / 1000
  const key = estimated ? latenessS : latenessS + assumedRideS
  const waitedS = (nowMs - Date.parse(o.due_at)) / 1000
  const hasPlan = o.state === 'offered' || planned.has(o.reason)
  const waits = alone && o.state !== 'scheduled' && (hasPlan ? waitedS > planPatienceS : o.reason !== '' || waitedS > patienceS)
  const band: Band =
    latenessS > lateAfterS ? 'late'
    : latenessS > -riskSlackS ? 'risk'
    : waits ? 'waiting'
    : 'ok'
  return { band, latenessS, estimated, key }
}

export const isException = (b: Band) => b === 'late' || b === 'risk' || b === 'waiting'
const rank: Record<Band, number> = { late: 0, risk: 1, waiting: 2, ok: 3, done: 4 }
export const worse = (a: Band, b: Band) => (rank[a] <= rank[b] ? a : b)
