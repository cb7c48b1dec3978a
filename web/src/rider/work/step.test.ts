import { expect, test } from 'vitest'
import { order, stop, work } from '../testing'
import { arrivalOf, demandsOf, lackingOf, stepsOf } from './step'

test('one store is one stop, however many orders; doors are each their own', () => {
  const steps = stepsOf(work(order('a'), order('b', { state: 'at_store' })).plan)
  expect(steps.map((s) => [s.where, s.orders.map((o) => o.id).join('')])).toEqual([['store', 'ab'], ['door', 'a'], ['door', 'b']])
  expect(steps[0]!.arrived).toBe(false) // with a at least
  expect(arrivalOf(steps[0]!)).toMatchObject({ kind: 'arrive-store', orders: [{ id: 'a' }] })
})

test('the same store later on the way is another stop', () => {
  const w = work(order('a', { state: 'picked_up' }), order('b'))
  w.plan.stops = [stop('a', 'dropoff'), stop('b', 'pickup'), stop('b', 'dropoff')]
  expect(stepsOf(w.plan).map((s) => s.where)).toEqual(['door', 'store', 'door'])
})

test('two stores next to each other are two stops', () => {
  const w = work(order('a'), order('b', { store_id: 'sto_b' }))
  expect(stepsOf(w.plan).filter((s) => s.where === 'store')).toHaveLength(2)
})

test('where the rider seems to be is said of the whole stop', () => {
  const w = work(order('a'), order('b'))
  w.plan.stops[1]!.suggested = { act: 'arrive_store', at: '2026-03-12T12:05:00Z' }
  expect(stepsOf(w.plan).map((s) => s.seems)).toEqual(['2026-03-12T12:05:00Z', '', ''])
})

const nothing = { photos: 0, signed: false, pin: '', barcode: '', aged: false, paid: false }

test('a door lacks what its order demands, until it is there', () => {
  const strict = order('a', { proof: { photo: true, signature: true, pin: true, barcode: true, min_age: 18 }, cash_on_delivery: { amount: 1250, currency: 'EUR' } })
  expect(lackingOf(strict, nothing)).toEqual(['cash', 'age', 'pin', 'barcode', 'photo', 'signature'])
  expect(lackingOf(strict, { photos: 1, signed: true, pin: '4711', barcode: 'X', aged: true, paid: true })).toEqual([])
  expect(lackingOf(strict, { photos: 1, signed: true, pin: '47', barcode: ' ', aged: true, paid: true })).toEqual(['pin', 'barcode'])
  expect(demandsOf(order('b'))).toEqual([])
})

test('who meets a colleague has one step for all that changes hands', () => {
  const w = work(order('a', { state: 'picked_up' }), order('b', { state: 'picked_up' }), order('c'))
  const met = { handover_id: 'hnd_1', name: 'Gino' }
  w.plan.stops = [stop('a', 'hand_over', met), stop('b', 'hand_over', met), stop('c', 'take_over', { handover_id: 'hnd_2' }), stop('c', 'dropoff')]
  expect(stepsOf(w.plan).map((s) => [s.where, s.orders.map((o) => o.id).join('')])).toEqual([['give', 'ab'], ['take', 'c'], ['door', 'c']])
})
