import { expect, test } from 'vitest'
import { iso, noon, orderRow } from '../testing'
import { HitGrid } from './grid'
import { tierFor, visibleAfter } from './overlay'
import { boundsOf, polygonsOf } from './rings'
import { sceneOf } from './scene'

test('the grid finds what a plain search finds', () => {
  let seed = 1
  const rnd = () => (seed = (seed * 16807) % 2147483647) / 2147483647
  const n = 2000
  const xs = Float32Array.from({ length: n }, () => rnd() * 800 - 50)
  const ys = Float32Array.from({ length: n }, () => rnd() * 600 - 50)
  const g = new HitGrid()
  g.build(xs, ys, n, 700, 500)
  for (let k = 0; k < 500; k++) {
    const [x, y] = [rnd() * 700, rnd() * 500]
    let best = -1
    let bestD = 14
    for (let i = 0; i < n; i++) {
      if (xs[i]! < 0 || ys[i]! < 0 || xs[i]! >= 704 || ys[i]! >= 512) continue // beyond the screen nobody points
      const d = Math.hypot(xs[i]! - x, ys[i]! - y)
      if (d <= bestD && (best < 0 || d < bestD)) [best, bestD] = [i, d]
    }
    expect(g.nearest(x, y, 14)).toBe(best)
  }
})

test('a bias makes a mark easier to hit', () => {
  const g = new HitGrid()
  g.build([10, 16], [10, 10], 2, 100, 100)
  expect(g.nearest(12, 10, 14)).toBe(0)
  expect(g.nearest(12, 10, 14, (i) => (i === 1 ? 3 : 0))).toBe(1)
})

test('a scene: one mark per store with its most urgent order first, drop-offs of what is aboard', () => {
  const s = sceneOf([
    orderRow({ id: 'ord_1' }), orderRow({ id: 'ord_2', eta_at: iso(2000) }), orderRow({ id: 'ord_3', state: 'picked_up', eta_at: iso(1150) }),
    orderRow({ id: 'ord_4', state: 'delivered' }),
  ], [{ id: 'sto_a', name: 'Store', location: { lat: 43, lng: 11 } }, { id: 'sto_b', name: 'Calm', location: { lat: 43, lng: 11 } }], noon)
  expect(s.stores.map((m) => [m.id, m.orders, m.band])).toEqual([['sto_b', [], 'done'], ['sto_a', ['ord_2', 'ord_1'], 'late']])
  expect(s.drops.map((m) => [m.id, m.band])).toEqual([['ord_3', 'risk']])
})

const square = (x: number, y: number, r: number) => [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([a, b]) => ({ lng: x + a! * r, lat: y + b! * r }))

test('rings become polygons with their holes, and islands in holes', () => {
  const polygons = polygonsOf([square(0, 0, 2), square(0, 0, 10), square(0, 0, 1), square(50, 0, 5)])
  expect(polygons.map((p) => p.length)).toEqual([2, 1, 1])
  expect(polygons[0]![0]![0]).toEqual(polygons[0]![0]!.at(-1)) // closed
  expect(boundsOf([square(0, 0, 10), square(50, 0, 5)])).toEqual([[-10, -10], [55, 10]])
  expect(boundsOf([])).toBeNull()
})

test('detail follows the number in view, without flicker at the border', () => {
  expect([tierFor(50, 2), tierFor(280, 2), tierFor(280, 1), tierFor(1000, 1), tierFor(1300, 0), tierFor(7500, 1)]).toEqual([2, 2, 1, 1, 0, 0])
})

test('from far, a redraw is not worth it each frame', () => {
  expect(visibleAfter(16, 43)).toBeLessThan(33)
  expect(visibleAfter(14, 43)).toBeGreaterThan(66)
  expect(visibleAfter(11, 43)).toBe(250)
  expect(visibleAfter(13, 43, 10)).toBeLessThan(33) // a fast clock, fast riders
})
