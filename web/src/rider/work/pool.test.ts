import { expect, test } from 'vitest'
import type { Claim, PooledLot } from '../api'
import { iso, noon } from '../testing'
import { claimOf, lostOf, withClaim } from './pool'

const claim = (order_id: string, change: Partial<Claim> = {}): Claim => ({ order_id, state: 'open', reason: '', at: iso(0), decides_at: iso(10), decided_at: null, ...change })
const lot: PooledLot = { order_ids: ['a', 'b'], orders: [], since: iso(0), closes_at: iso(10), distance_m: 300, ride_m: 900, pickup_at: iso(120), dropoff_at: iso(600) }

test('a lot is claimed by any of its orders, until that is decided', () => {
  expect(claimOf(lot, [claim('c'), claim('b')])?.order_id).toBe('b')
  expect(claimOf(lot, [claim('b', { state: 'lost' })])).toBeUndefined()
})

test('a lost claim is told for a minute', () => {
  const lost = claim('a', { state: 'lost', decided_at: iso(0) })
  expect(lostOf([lost, claim('b')], noon + 59_000)).toEqual([lost])
  expect(lostOf([lost], noon + 60_000)).toEqual([])
})

test('the last word on a claim is the one', () => {
  const won = claim('a', { state: 'won' })
  expect(withClaim([claim('a'), claim('b')], won)).toEqual([won, claim('b')])
})
