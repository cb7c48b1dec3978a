import { expect, test } from 'vitest'
import { countdown } from '../lib/format'
import { iso, noon } from '../testing'
import { observe, serverNow, startClock } from './clock'

test('runs at the server’s speed', () => {
  const c = startClock(iso(0), 60, 1000)
  expect(serverNow(c, 1000)).toBe(noon)
  expect(serverNow(c, 3000)).toBe(noon + 120_000) // two of our seconds are two minutes there
})

test('a countdown on an accelerated clock', () => {
  const c = startClock(iso(0), 10, 0)
  const promise = noon + 90_000
  expect(countdown(promise, serverNow(c, 0))).toBe('01:30')
  expect(countdown(promise, serverNow(c, 3000))).toBe('01:00')
  expect(countdown(promise, serverNow(c, 9000))).toBe('00:00')
  expect(countdown(promise, serverNow(c, 10_000))).toBe('−00:10')
})

test('a message that comes early corrects at once, a late one hardly', () => {
  const c = startClock(iso(0), 1, 0)
  expect(serverNow(observe(c, iso(2), 1000), 1000)).toBe(noon + 2000)
  const lagging = observe(c, iso(0), 500) // half a second under way
  expect(serverNow(lagging, 500)).toBeGreaterThan(noon + 450)
})

test('a clock that was set back is believed', () => {
  const c = startClock(iso(0), 1, 0)
  expect(serverNow(observe(c, iso(-60), 1000), 1000)).toBe(noon - 60_000)
})

test('nonsense is ignored', () => {
  const c = startClock(iso(0), 0, 0)
  expect(c.speed).toBe(1)
  expect(observe(c, 'soon', 5)).toBe(c)
})
