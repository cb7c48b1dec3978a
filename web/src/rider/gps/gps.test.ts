import { expect, test } from 'vitest'
import { metres, worth, type Raw } from './sieve'
import { towards } from './towards'

const fix = (at: number, north = 0, accuracy = 8): Raw => ({ at, lat: 43.77 + north / 111_195, lng: 11.25, accuracy, speed: null, heading: null })

test.each<[string, Raw, boolean]>([
  ['3 s later, far', fix(3000, 60), false],
  ['4 s later, 20 m on', fix(4000, 20), true],
  ['10 s later, 5 m on', fix(10_000, 5), false],
  ['10 s later, 20 m on, ± 60 m', fix(10_000, 20, 60), false],
  ['10 s later, 30 m on, ± 60 m', fix(10_000, 30, 60), true],
  ['30 s later, standing', fix(30_000), true],
])('%s', (_, f, kept) => {
  expect(worth(f, fix(0))).toBe(kept)
})

test('the first fix is always worth it', () => expect(worth(fix(0), null)).toBe(true))

test('an hour of riding is some hundreds of fixes, of standing two a minute', () => {
  const count = (speed: number) => {
    let [n, last]: [number, Raw | null] = [0, null]
    for (let s = 0; s < 3600; s++) if (worth(fix(s * 1000, s * speed), last)) [n, last] = [n + 1, fix(s * 1000, s * speed)]
    return n
  }
  expect(count(7)).toBe(900)
  expect(count(0)).toBe(120)
})

test('a trial ride arrives, and stays', () => {
  const to = { lat: 43.78, lng: 11.26 }
  let at = { lat: 43.77, lng: 11.25 }
  const way = metres(at, to)
  let beats = 0
  while (metres(at, to) > 0) {
    const next = towards(at, to, 6)
    expect(metres(at, next)).toBeLessThanOrEqual(6.001)
    at = next
    if (++beats > 1000) break
  }
  expect(beats).toBe(Math.ceil(way / 6))
  expect(towards(at, to, 6)).toEqual(to)
})
