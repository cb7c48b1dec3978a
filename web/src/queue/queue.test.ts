import { describe, expect, test } from 'vitest'
import { iso, noon, orderRow, riderRow } from '../testing'
import { standing, worse, type Band } from './bands'
import { byUrgency, orderQueue, type Queued } from './order-queue'
import { reasonOf } from './reason'
import { riderList } from './rider-list'

describe('bands', () => {
  const of = (change: Parameters<typeof orderRow>[0], now = noon) => standing(orderRow(change), now)

  test.each([
    [-600, 'ok'], [-180, 'ok'], [-179, 'risk'], [0, 'risk'], [30, 'risk'], [31, 'late'], [900, 'late'],
  ] as const)('ETA %i s against the promise: %s', (lateness, band) => {
    expect(of({ promise_at: iso(1200), eta_at: iso(1200 + lateness) }).band).toBe(band)
  })

  test('an ETA in the past counts as now', () => {
    expect(of({ eta_at: iso(-500), promise_at: iso(-60) }).latenessS).toBe(60)
  })

  const pending = { state: 'pending', rider_id: '', eta_at: null } as const
  test('without a rider: waiting when there is a trouble, or nobody knows why for two minutes', () => {
    expect(of({ ...pending, reason: 'no_rider', due_at: iso(-20) }).band).toBe('waiting')
    expect(of({ ...pending, due_at: iso(-20) }).band).toBe('ok')
    expect(of({ ...pending, due_at: iso(-121) }).band).toBe('waiting')
  })

  test('while the engine has a plan for it, it is let alone longer', () => {
    expect(of({ ...pending, reason: 'held', due_at: iso(-300) }).band).toBe('ok')
    expect(of({ ...pending, reason: 'held', due_at: iso(-481) }).band).toBe('waiting')
    expect(of({ ...pending, state: 'offered', due_at: iso(-300) }).band).toBe('ok')
  })

  test('the promise repeated as ETA is no estimate', () => {
    const s = of({ ...pending, eta_at: iso(1200), promise_at: iso(1200) })
    expect(s.estimated).toBe(false)
    expect(s.latenessS).toBe(-1200)
  })

  test('without a rider near the promise: at risk, then late', () => {
    expect(of({ ...pending, promise_at: iso(170) }).band).toBe('risk')
    expect(of({ ...pending, promise_at: iso(-31) }).band).toBe('late')
  })

  test('ended is ended; scheduled is not waiting', () => {
    expect(of({ state: 'delivered', ended_at: iso(0), eta_at: null }).band).toBe('done')
    expect(of({ ...pending, state: 'scheduled', reason: '', due_at: iso(-600) }).band).toBe('ok')
  })

  test('worse', () => {
    expect(worse('ok', 'late')).toBe('late')
    expect(worse('risk', 'waiting')).toBe('risk')
  })
})

describe('the queue', () => {
  const orders = [
    orderRow({ id: 'ord_ok', eta_at: iso(0) }),
    orderRow({ id: 'ord_late', eta_at: iso(1500) }),
    orderRow({ id: 'ord_later', eta_at: iso(2400) }),
    orderRow({ id: 'ord_risk', eta_at: iso(1150) }),
    orderRow({ id: 'ord_wait', state: 'pending', rider_id: '', eta_at: null, reason: 'no_rider', store_name: 'Sushi Kintsugi' }),
    orderRow({ id: 'ord_done', state: 'delivered', ended_at: iso(-60) }),
  ]
  const riders = new Map([['rid_a', riderRow({ name: '王建国' })]])
  const all = new Set<Band>(['late', 'risk', 'waiting', 'ok', 'done'])
  const ids = (bands: Set<Band>, text = '') => orderQueue(orders, riders, { bands, text }, noon).rows.map((r) => r.order.id)

  test('is sorted by predicted lateness, what has ended last', () => {
    expect(ids(all)).toEqual(['ord_later', 'ord_late', 'ord_risk', 'ord_wait', 'ord_ok', 'ord_done'])
  })

  test('is the same whatever order the rows came in', () => {
    const rows = orderQueue(orders, riders, { bands: all, text: '' }, noon).rows
    expect([...rows].reverse().sort(byUrgency).map((r: Queued) => r.order.id)).toEqual(ids(all))
  })

  test('shows the chosen bands and counts all of them', () => {
    expect(ids(new Set<Band>(['late']))).toEqual(['ord_later', 'ord_late'])
    expect(orderQueue(orders, riders, { bands: new Set(), text: '' }, noon).counts).toEqual({ late: 2, risk: 1, waiting: 1, ok: 1, done: 1 })
  })

  test('a search finds in every band, by store, address, rider, all words', () => {
    expect(ids(new Set(), 'kintsugi')).toEqual(['ord_wait'])
    expect(ids(new Set(), '王建国 roma')).toHaveLength(5)
    expect(ids(new Set(), 'kintsugi 王建国')).toEqual([])
  })

  test('three thousand orders are sorted within a frame’s worth of time', () => {
    const many = Array.from({ length: 3000 }, (_, i) => orderRow({ id: `ord_${i}`, eta_at: iso((i * 7919) % 3000) }))
    orderQueue(many, riders, { bands: all, text: '' }, noon)
    const t = performance.now()
    orderQueue(many, riders, { bands: all, text: '' }, noon)
    expect(performance.now() - t).toBeLessThan(150) // ~6 ms; the rest is for a busy test machine
  })
})

test('why an exception is one', () => {
  const why = (o: Parameters<typeof orderRow>[0], r: Parameters<typeof riderRow>[0] = {}) => {
    const row = orderRow(o)
    return reasonOf(row, standing(row, noon), riderRow(r), noon)
  }
  expect(why({ state: 'pending', rider_id: '', eta_at: null, reason: 'capacity' })).toBe('capacity')
  expect(why({ state: 'offered', rider_id: '', eta_at: null })).toBe('offer_open')
  expect(why({ state: 'pending', rider_id: '', eta_at: null, due_at: iso(-300) })).toBe('patience')
  expect(why({}, { presence: 'stale' })).toBe('position_stale')
  expect(why({ state: 'at_store', ready_estimate: iso(-121) })).toBe('store_late')
  expect(why({ state: 'at_store', ready_estimate: iso(-121), ready_at: iso(-10) })).toBe('')
  expect(why({})).toBe('')
})

test('riders: who needs a look first, filtered and found', () => {
  const riders = [
    riderRow({ id: 'rid_1', name: 'Anna' }), riderRow({ id: 'rid_2', name: 'Bruno', presence: 'working', orders: ['a', 'b'] }),
    riderRow({ id: 'rid_3', name: 'Carla', presence: 'stale' }), riderRow({ id: 'rid_4', name: 'Dario', presence: 'working', orders: ['c'] }),
  ]
  const names = (shown: ('idle' | 'working' | 'stale')[], text = '') => riderList(riders, new Set(shown), text).rows.map((r) => r.name)
  expect(names(['idle', 'working', 'stale'])).toEqual(['Carla', 'Anna', 'Bruno', 'Dario'])
  expect(names(['working'])).toEqual(['Bruno', 'Dario'])
  expect(names([], 'carl')).toEqual(['Carla'])
})
