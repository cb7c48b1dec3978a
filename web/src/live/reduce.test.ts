import { expect, test } from 'vitest'
import type { AlertRow, Kpi, StreamMessage } from '../api/types'
import { iso, orderRow, riderRow } from '../testing'
import { nothing, reduce } from './reduce'

const kpi = { now: iso(0), open: 1 } as Kpi
const snapshot: StreamMessage = {
  event: 'snapshot',
  data: { now: iso(0), speed: 1, kpi, orders: [orderRow(), orderRow({ id: 'ord_b' })], riders: [riderRow()], stores: [{ id: 'sto_a', name: 'Store', location: { lat: 1, lng: 2 } }], alerts: [] },
}
const begun = reduce(nothing, [snapshot])

test('a snapshot replaces everything', () => {
  const again = reduce(begun, [{ ...snapshot, data: { ...snapshot.data, orders: [orderRow({ id: 'ord_z' })], riders: [], stores: [] } } as StreamMessage])
  expect([...again.orders.keys()]).toEqual(['ord_z'])
  expect(again.riders.size + again.stores.size).toBe(0)
})

test('orders change, come and go; the rest keeps its identity', () => {
  const s = reduce(begun, [{ event: 'orders', data: { now: iso(1), rows: [orderRow({ state: 'at_store', version: 2 }), orderRow({ id: 'ord_c' })], gone: ['ord_b'] } }])
  expect([...s.orders.keys()]).toEqual(['ord_a', 'ord_c'])
  expect(s.orders.get('ord_a')!.state).toBe('at_store')
  expect(s.riders).toBe(begun.riders)
  expect(begun.orders.get('ord_a')!.state).toBe('assigned') // the state before is untouched
})

test('an older row does not take back a newer one', () => {
  const newer = reduce(begun, [{ event: 'orders', data: { now: iso(1), rows: [orderRow({ version: 5, state: 'picked_up' })], gone: [] } }])
  const s = reduce(newer, [{ event: 'orders', data: { now: iso(2), rows: [orderRow({ version: 4 })], gone: [] } }])
  expect(s.orders.get('ord_a')!.state).toBe('picked_up')
})

test('a row of the same version is taken: its ETA or reason may be new', () => {
  const s = reduce(begun, [{ event: 'orders', data: { now: iso(1), rows: [orderRow({ eta_at: iso(900) })], gone: [] } }])
  expect(s.orders.get('ord_a')!.eta_at).toBe(iso(900))
})

test('a rider who went offline without work leaves, one with work stays', () => {
  const s = reduce(begun, [{ event: 'riders', data: { now: iso(1), rows: [riderRow({ presence: 'offline' }), riderRow({ id: 'rid_b', presence: 'offline', orders: ['ord_a'] })] } }])
  expect([...s.riders.keys()]).toEqual(['rid_b'])
})

test('positions and empty batches change nothing', () => {
  expect(reduce(begun, [{ event: 'positions', data: { now: iso(1), p: [['rid_a', 1, 2, null, 3]] } }])).toBe(begun)
  expect(reduce(begun, [])).toBe(begun)
})

test('a batch is the same as its messages one by one', () => {
  const batch: StreamMessage[] = [
    { event: 'orders', data: { now: iso(1), rows: [orderRow({ id: 'ord_c' })], gone: ['ord_a'] } },
    { event: 'riders', data: { now: iso(1), rows: [riderRow({ id: 'rid_b', presence: 'working' })] } },
    { event: 'kpi', data: { ...kpi, open: 9 } },
    { event: 'orders', data: { now: iso(2), rows: [], gone: ['ord_c'] } },
  ]
  expect(reduce(begun, batch)).toEqual(batch.reduce((s, m) => reduce(s, [m]), begun))
})

test('alerts are told whole: what is missing has been taken care of', () => {
  const alarm = { id: 'inc_a', kind: 'alarm', rider_id: 'rid_a' } as AlertRow
  const s = reduce(begun, [{ event: 'alerts', data: { now: iso(1), rows: [alarm] } }])
  expect(s.alerts).toEqual([alarm])
  expect(reduce(s, [{ event: 'kpi', data: kpi }]).alerts).toBe(s.alerts)
  expect(reduce(s, [{ event: 'alerts', data: { now: iso(2), rows: [] } }]).alerts).toEqual([])
})
