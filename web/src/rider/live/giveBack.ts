// Giving back an order that is not picked up. At once or not at all: others should have it now.
import type { Plan } from '../api'
import { uuid } from '../../lib/uuid'
import { nowIso, useRider } from '../state'
import { ask } from './ask'

export type Refusal = 'needsNetwork' | 'tooLate' | 'off' | 'failed'

const ids = new Map<string, string>() // by order: one whose answer got lost is the same act

export async function giveBack(order: string, reason: string): Promise<Refusal | null> {
  const id = ids.get(order) ?? uuid()
  ids.set(order, id)
  const a = await ask<Plan>('POST', `/v1/rider/orders/${order}/give-back`, { action_id: id, at: nowIso(), reason })
  if ('unreachable' in a) return 'needsNetwork'
  ids.delete(order)
  if ('got' in a) {
    useRider.setState((s) => (a.got.version >= s.told.plan.version ? { told: { ...s.told, plan: a.got } } : {}))
    return null
  }
  const code = a.refused.code
  return code === 'giving_back_off' ? 'off' : code === 'impossible_transition' || code === 'not_found' || code === 'job_on_board' ? 'tooLate' : 'failed'
}
