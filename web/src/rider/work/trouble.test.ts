import { expect, test } from 'vitest'
import { order, work } from '../testing'
import { stepsOf } from './step'
import { aboutOf, troublesAt } from './trouble'

const [counter] = stepsOf(work(order('a', { state: 'at_store' }), order('b', { state: 'at_store' })).plan)
const [door] = stepsOf({ ...work(order('a', { state: 'picked_up' })).plan, stops: work(order('a')).plan.stops.slice(1) })

test('what is asked for fits the place', () => {
  expect(troublesAt(counter)).toContain('long_wait')
  expect(troublesAt({ ...counter!, arrived: false })).not.toContain('long_wait')
  expect(troublesAt(door)).toContain('damaged')
  expect(troublesAt(door)).not.toContain('customer_absent') // nobody has looked yet
  expect(troublesAt(undefined)).toEqual(['accident', 'vehicle_broken', 'other'])
})

test('a closed store is so for each of its orders, an accident is the rider’s', () => {
  expect(aboutOf('store_closed', counter)).toEqual(['a', 'b'])
  expect(aboutOf('accident', counter)).toEqual([''])
  expect(aboutOf('other', undefined)).toEqual([''])
})
