// Handing orders over to a colleague, and answering one who asks. Told at once or not at all, but for the taking over, which waits in the queue.
import type { Colleague, Handover, Plan } from '../api'
import { uuid } from '../../lib/uuid'
import { nowIso, useRider } from '../state'
import { answered, withHandover } from '../work/handover'
import { ask } from './ask'

export type Refusal = 'needsNetwork' | 'nobody' | 'closed' | 'unfit' | 'tooLate' | 'failed'

const ids = new Map<string, string>() // by what was asked: one whose answer got lost is the same act

const refusals: Record<string, Refusal> = { unassignable: 'unfit', off_shift: 'unfit', no_handover: 'tooLate', handover_closed: 'closed', not_found: 'tooLate', impossible_transition: 'tooLate' }

async function tell<T>(path: string, key: string, more: object): Promise<{ got: T } | { wrong: Refusal }> {
  const id = ids.get(key) ?? uuid()
  ids.set(key, id)
  const a = await ask<T>('POST', path, { action_id: id, at: nowIso(), ...more })
  if ('unreachable' in a) return { wrong: 'needsNetwork' }
  ids.delete(key)
  if ('got' in a) return a
  return { wrong: refusals[a.refused.code] ?? 'failed' }
}

// colleagues are who could take some orders over, the nearest first.
export async function colleagues(orders: string[]): Promise<Colleague[] | Refusal> {
  const a = await ask<{ data: Colleague[] }>('GET', `/v1/rider/colleagues?order_ids=${orders.join(',')}`, undefined)
  if ('unreachable' in a) return 'needsNetwork'
  return 'got' in a ? a.got.data : refusals[a.refused.code] ?? 'failed'
}

const took = (h: Handover) => useRider.setState((s) => ({ handovers: withHandover(s.handovers, h) }))

export async function propose(orders: string[], to: string, reason: string): Promise<Refusal | null> {
  const a = await tell<Handover>('/v1/rider/handovers', `ask ${to} ${orders.join()}`, { to, order_ids: orders, reason })
  if ('got' in a) took(a.got)
  return 'got' in a ? null : a.wrong
}

export async function accept(h: Handover): Promise<Refusal | null> {
  const a = await tell<Plan>(`/v1/rider/handovers/${h.id}/accept`, `accept ${h.id}`, {})
  if (!('got' in a)) return a.wrong
  useRider.setState((s) => ({
    handovers: answered(s.handovers, h.id), ...(a.got.version >= s.told.plan.version && { told: { ...s.told, plan: a.got } }),
  }))
  return null
}

export async function decline(h: Handover, reason: string): Promise<Refusal | null> {
  const a = await tell(`/v1/rider/handovers/${h.id}/decline`, `decline ${h.id}`, { reason })
  if (!('got' in a)) return a.wrong
  took({ ...h, state: 'declined' })
  return null
}

export async function callOff(handover: string): Promise<Refusal | null> {
  const a = await tell<Handover>(`/v1/rider/handovers/${handover}/cancel`, `cancel ${handover}`, { reason: '' })
  if ('got' in a) took(a.got)
  return 'got' in a ? null : a.wrong
}

// seen keeps the push away. That it may get lost is in the nature of it.
export const seen = (h: Handover) => ask('POST', `/v1/rider/handovers/${h.id}/seen`, { action_id: uuid(), at: nowIso() })
