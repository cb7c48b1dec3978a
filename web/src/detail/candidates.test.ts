import { expect, test } from 'vitest'
import { candidate } from '../testing'
import { bars, extra, numbered, scaleOf } from './candidates'

const terms = { click_to_door: 20, late: 0, work: 4, pay: -1, others: 0.04, position: 0, idle: 0, earned: 0 }

test('bars leave out what is nothing, and are to scale', () => {
  expect(bars(terms, 40)).toEqual([
    { name: 'click_to_door', minutes: 20, share: 0.5 }, { name: 'work', minutes: 4, share: 0.1 }, { name: 'pay', minutes: -1, share: 0.025 },
  ])
  expect(bars(null, 40)).toEqual([])
  expect(bars(terms, 0).every((b) => b.share === 0)).toBe(true)
})

test('the scale is the biggest sum, gains aside', () => {
  expect(scaleOf([terms, null, { ...terms, late: 30 }])).toBeCloseTo(54.04)
})

test('keys 1–9 go to the best who can; who can’t comes last, without a key', () => {
  const list = [
    candidate({ rider_id: 'c', cost: 30 }), candidate({ rider_id: 'x', feasible: false, cost: 1, reason: 'capacity' }), candidate({ rider_id: 'a', cost: 10 }),
    ...Array.from({ length: 9 }, (_, i) => candidate({ rider_id: `m${i}`, cost: 40 + i })),
  ]
  const rows = numbered(list)
  expect(rows.slice(0, 3).map((r) => [r.key, r.ranked.rider_id])).toEqual([[1, 'a'], [2, 'c'], [3, 'm0']])
  expect(rows.filter((r) => r.key !== null)).toHaveLength(9)
  expect(rows.at(-1)).toMatchObject({ key: null, ranked: { rider_id: 'x' } })
  expect(extra(rows[1]!.ranked, rows[0]!.ranked)).toBe(20)
})
