// What others changed in the plan since the one that the phone shows. Pure.
import type { Plan, PlanChange } from '../api'

export interface Change extends PlanChange { name: string } // of the order, as the rider knows it

// newsOf are the changes that the rider has not seen. They count only if they are told from the version shown: a stream that begins
// anew may repeat older ones. What the queue is about to answer for is left to it.
export function newsOf(shown: Plan, told: Plan, waiting: readonly { about: string }[]): Change[] {
  if (shown.version === 0 || told.since !== shown.version || told.version === shown.version) return []
  return told.changes.filter((c) => !waiting.some((a) => a.about === c.order_id)).map((c) => {
    const o = [...told.orders, ...shown.orders].find((x) => x.id === c.order_id)
    return { ...c, name: o ? [o.store_name, o.external_id].filter(Boolean).join(' · ') : '' }
  })
}
