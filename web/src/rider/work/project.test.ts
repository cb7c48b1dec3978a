import { expect, test } from 'vitest'
import type { Work } from '../api'
import type { Action } from '../queue/action'
import { action, offer, order, store, work } from '../testing'
import { project } from './project'
import { stepsOf } from './step'

const shape = (w: Work) => w.plan.stops.map((s) => `${s.order_id} ${s.kind} ${w.plan.orders.find((o) => o.id === s.order_id)?.state}`)

test('what was done is seen at once, and in order', () => {
  const day: [Action['kind'], string[]][] = [
    ['arrive-store', ['a pickup at_store', 'a dropoff at_store']], ['pickup', ['a dropoff picked_up']], ['arrive-door', ['a dropoff at_door']], ['deliver', []],
  ]
  const done: Action[] = []
  for (const [kind, want] of day) {
    done.push(action(kind, 'a'))
    expect(shape(project(work(order('a')), done)), kind).toEqual(want)
  }
})

test('what the server knows already changes nothing', () => {
  const told = work(order('a', { state: 'at_door' }))
  told.plan.stops = told.plan.stops.slice(1)
  expect(project(told, [action('arrive-store', 'a'), action('pickup', 'a'), action('arrive-door', 'a')])).toEqual(told)
})

test('what was cancelled meanwhile does not come back', () => {
  expect(project(work(), [action('pickup', 'gone')])).toEqual(work())
})

test('what could not be delivered goes back to its store', () => {
  const told = work(order('a', { state: 'at_door' }))
  told.plan.stops = told.plan.stops.slice(1)
  const back = project(told, [action('fail', 'a')])
  expect(stepsOf(back.plan)).toMatchObject([{ where: 'back', stop: { location: store, name: 'Da Mario' } }])
  expect(project(back, [action('return', 'a')]).plan.stops).toEqual([])
})

test('a report moves what its kind moves', () => {
  const told = work(order('a', { state: 'at_door' }))
  told.plan.stops = told.plan.stops.slice(1)
  expect(stepsOf(project(told, [action('report', 'a', { trouble: 'customer_absent' })]).plan)).toMatchObject([{ where: 'back' }])
  expect(project(told, [action('report', 'a', { trouble: 'wrong_address' })])).toEqual(told)
  expect(project(told, [action('report', '', { trouble: 'accident' })])).toEqual(told) // the server says who gets what
})

test('a declined offer is gone; an accepted one counts only once the server has it', () => {
  const told = { ...work(), offers: [offer()] }
  expect(project(told, [action('decline', 'ofr_a')]).offers).toEqual([])
  expect(project(told, [action('accept', 'ofr_a')])).toEqual(told)
})

test('the server’s word is not changed', () => {
  const told = work(order('a'))
  const before = structuredClone(told)
  project(told, [action('pickup', 'a'), action('fail', 'a')])
  expect(told).toEqual(before)
})

test('food that was taken over is on board before the server knows', () => {
  const w = work(order('a', { state: 'picked_up' }))
  w.plan.stops = [{ ...w.plan.stops[0]!, kind: 'take_over', handover_id: 'hnd_1' }, w.plan.stops[1]!]
  expect(shape(project(w, [action('take-over', 'hnd_other')]))).toEqual(['a take_over picked_up', 'a dropoff picked_up'])
  const after = project(w, [action('take-over', 'hnd_1')])
  expect(shape(after)).toEqual(['a dropoff picked_up'])
  expect(shape(project(w, [action('take-over', 'hnd_1'), action('deliver', 'a')]))).toEqual([])
})
