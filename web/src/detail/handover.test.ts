import { expect, test } from 'vitest'
import type { HandoverPreview, OrderRow, Taker } from '../api/types'
import { first, laterS, together } from './handover'

const row = (id: string, state: OrderRow['state'], rider_id = 'a') => ({ id, state, rider_id }) as OrderRow
const rows = [row('1', 'picked_up'), row('2', 'assigned'), row('3', 'at_store'), row('4', 'at_door'), row('5', 'assigned', 'b')]
const ids = (list: OrderRow[]) => list.map((o) => o.id).join('')

test('either all are on board or none is, and of one rider', () => {
  expect(ids(together(rows, rows[1]!))).toBe('23')
  expect(ids(together(rows, rows[0]!))).toBe('1')
})

test('what is not picked up comes first', () => {
  expect(first(rows, 'a')?.id).toBe('2')
  expect(first(rows.slice(0, 1), 'a')?.id).toBe('1')
  expect(first(rows.slice(3), 'a')).toBeUndefined() // at the door already
})

test('the order that it meets the most tells how much later', () => {
  const at = (m: number) => new Date(m * 60_000).toISOString()
  const p = { orders: [{ id: '1', eta_at: at(10) }, { id: '2', eta_at: at(20) }, { id: '3', eta_at: null }] } as HandoverPreview
  expect(laterS(p, { doors: [{ at: at(9) }, { at: at(23) }, { at: at(90) }] } as Taker)).toBe(180)
  expect(laterS(p, { doors: [{ at: at(8) }, { at: at(19) }, { at: at(1) }] } as Taker)).toBe(-60)
  expect(laterS({ orders: [{ id: '3', eta_at: null }] } as HandoverPreview, { doors: [{ at: at(1) }] } as Taker)).toBeNull()
})
