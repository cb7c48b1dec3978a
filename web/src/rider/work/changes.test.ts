import { expect, test } from 'vitest'
import type { Plan, PlanChange } from '../api'
import { order, work } from '../testing'
import { newsOf } from './changes'

const gone: PlanChange = { kind: 'removed', order_id: 'a', reason: 'cancelled', stop: '' }
const shown: Plan = { ...work(order('a', { external_id: '17' })).plan, version: 4 }
const told = (since: number | null, version = 5): Plan => ({ ...work().plan, version, since, changes: [gone] })

test('what was cancelled is named as it was known', () => {
  expect(newsOf(shown, told(4), [])).toEqual([{ ...gone, name: 'Da Mario · 17' }])
})

test('what was shown before is not news', () => {
  expect(newsOf(shown, told(3), [])).toEqual([])
  expect(newsOf(shown, told(null), [])).toEqual([])
  expect(newsOf(shown, told(4, 4), [])).toEqual([])
  expect(newsOf({ ...shown, version: 0 }, told(0), [])).toEqual([])
})

test('what the queue will be answered for is told there', () => {
  expect(newsOf(shown, told(4), [{ about: 'a' }])).toEqual([])
})
