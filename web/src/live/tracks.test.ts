import { expect, test } from 'vitest'
import { linkOf, staleAfterMs } from './link'
import { mercatorX, progress, Tracks } from './tracks'

const at = (t: Tracks, id: string, now: number) => {
  const k = t.all.get(id)!
  return k.x0 + (k.x1 - k.x0) * progress(k, now)
}

test('glides from fix to fix, no longer than they are apart', () => {
  const t = new Tracks()
  t.apply([['r', 43.77, 11.25, null, 1000]], 0)
  t.apply([['r', 43.77, 11.251, null, 2000]], 1000)
  expect(at(t, 'r', 1000)).toBeCloseTo(mercatorX(11.25), 12)
  expect(at(t, 'r', 1500)).toBeCloseTo(mercatorX(11.2505), 12)
  expect(at(t, 'r', 2000)).toBeCloseTo(mercatorX(11.251), 12)
  expect(t.moving(1500)).toBe(true)
  expect(t.moving(2001)).toBe(false)
})

test('never goes back in time, and leaps instead of flying', () => {
  const t = new Tracks()
  t.apply([['r', 43.77, 11.25, null, 5000]], 0)
  t.apply([['r', 43.9, 12, null, 4000]], 100)
  expect(at(t, 'r', 9999)).toBeCloseTo(mercatorX(11.25), 12)
  t.apply([['r', 43.77, 11.6, null, 6000]], 1000)
  expect(at(t, 'r', 1001)).toBeCloseTo(mercatorX(11.6), 12)
})

test('jumps when motion is reduced', () => {
  const t = new Tracks()
  t.still = true
  t.apply([['r', 43.77, 11.25, null, 1000]], 0)
  t.apply([['r', 43.77, 11.251, null, 2000]], 1000)
  expect(at(t, 'r', 1001)).toBeCloseTo(mercatorX(11.251), 12)
})

test('knows where it heads even if the phone does not tell', () => {
  const t = new Tracks()
  t.apply([['r', 43.77, 11.25, null, 1000]], 0)
  t.apply([['r', 43.77, 11.251, null, 2000]], 1000)
  expect(t.all.get('r')!.heading).toBeCloseTo(90, 3)
})

test('the truth about the line', () => {
  expect(linkOf(true, true, 500)).toBe('live')
  expect(linkOf(false, true, 500)).toBe('reconnecting')
  expect(linkOf(true, true, staleAfterMs + 1)).toBe('stale') // open, but silent: that is no connection
  expect(linkOf(false, true, staleAfterMs + 1)).toBe('stale')
  expect(linkOf(true, false, 500)).toBe('connecting')
})
