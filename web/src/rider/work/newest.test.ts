import { expect, test } from 'vitest'
import { offer, order, work } from '../testing'
import { newest } from './newest'

const known = work(order('a', { version: 5, state: 'at_store' }))
known.plan.version = 2

test('an older plan is not believed, its offers are', () => {
  const late = { ...work(), offers: [offer()] }
  expect(newest(known, late)).toEqual({ plan: known.plan, offers: [offer()] })
})

test('of the same plan each order is as last heard', () => {
  const late = work(order('a', { version: 4 }), order('b'))
  late.plan.version = 2
  expect(newest(known, late).plan.orders.map((o) => [o.id, o.version])).toEqual([['a', 5], ['b', 3]])
})

test('a newer plan is the plan', () => {
  const later = work(order('b', { version: 1 }))
  later.plan.version = 3
  expect(newest(known, later)).toEqual(later)
})
