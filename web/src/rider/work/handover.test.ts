import { expect, test } from 'vitest'
import type { Handover, Order } from '../api'
import { answered, latestOf, together, withHandover } from './handover'

const order = (id: string, state: Order['state']) => ({ id, state }) as Order
const handover = (id: string, mine: boolean, ...order_ids: string[]) => ({ id, mine, order_ids, state: 'open' }) as unknown as Handover

test('orders go together that are all on board, or all not', () => {
  const all = [order('a', 'assigned'), order('b', 'picked_up'), order('c', 'at_store'), order('d', 'at_door'), order('e', 'returning'), order('f', 'picked_up')]
  expect(together(all, all[0]!).map((o) => o.id)).toEqual(['a', 'c'])
  expect(together(all, all[1]!).map((o) => o.id)).toEqual(['b', 'f'])
})

test('the last word on an order is the newest of what the rider gave', () => {
  const all = [handover('3', false, 'a'), handover('2', true, 'a', 'b'), handover('1', true, 'a')]
  expect(latestOf(all, ['a'])?.id).toBe('2')
  expect(latestOf(all, ['x'])).toBeUndefined()
  expect(withHandover(all, handover('1', true, 'z')).map((h) => h.id)).toEqual(['1', '3', '2'])
})

test('the stream may be faster than the answer to a yes', () => {
  const h = (state: string) => [{ id: 'hnd_a', state }, { id: 'hnd_b', state: 'open' }] as Handover[]
  expect(answered(h('open'), 'hnd_a').map((x) => x.id)).toEqual(['hnd_b'])
  expect(answered(h('accepted'), 'hnd_a').map((x) => x.id)).toEqual(['hnd_a', 'hnd_b']) // with the phone number of whom to meet
})
