// Claiming from the pool. Nothing is kept for later: what was not claimed in time is gone.
import type { Claim, Plan, PooledLot } from '../api'
import { uuid } from '../../lib/uuid'
import { SignedOut, Unreachable } from '../queue/outcome'
import { call } from '../session'
import { nowIso, useRider } from '../state'
import { withClaim } from '../work/pool'

const ids = new Map<string, string>() // by order: a claim whose answer got lost is the same claim

export type Refusal = 'needsNetwork' | 'taken' | 'refused'

// claim answers null where the server has taken it; what became of it is in the state.
export async function claim(lot: PooledLot): Promise<Refusal | null> {
  const [order] = lot.order_ids
  if (!order) return null
  const id = ids.get(order) ?? uuid()
  ids.set(order, id)
  try {
    const a = await call('POST', `/v1/rider/pool/${order}/claim`, { action_id: id, at: nowIso() })
    if (!a.ok && a.status >= 500) return 'needsNetwork'
    if (!a.ok) {
      ids.delete(order)
      if (a.problem.code !== 'order_taken') return 'refused'
      useRider.setState((s) => ({ pool: s.pool.filter((l) => !l.order_ids.includes(order)) }))
      return 'taken'
    }
    const answer = a.body as { claim: Claim; plan: Plan }
    useRider.setState((s) => ({
      claims: withClaim(s.claims, answer.claim),
      ...(answer.claim.state === 'won' && answer.plan.version >= s.told.plan.version && { told: { ...s.told, plan: answer.plan }, pool: s.pool.filter((l) => l !== lot) }),
    }))
    return null
  } catch (e) {
    if (e instanceof SignedOut) useRider.setState({ session: null, ended: true })
    else if (!(e instanceof Unreachable)) throw e
    return 'needsNetwork'
  }
}
