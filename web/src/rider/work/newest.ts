// Two answers to "what have I to do" may overtake one another on a slow network. Pure.
import type { Work } from '../api'

// newest is told, save where known is newer by the versions of plan and orders. The stream needs none of this: it tells in order.
export function newest(known: Work, told: Work): Work {
  if (told.plan.version < known.plan.version) return { ...told, plan: known.plan }
  const before = new Map(known.plan.orders.map((o) => [o.id, o]))
  const orders = told.plan.orders.map((o) => {
    const b = before.get(o.id)
    return b && b.version > o.version ? b : o
  })
  return { ...told, plan: { ...told.plan, orders } }
}
