import { expect, test } from 'vitest'
import type { Shift, WorkHours } from '../api'
import { iso, noon } from '../testing'
import { breakLeftOf, dueOf, stageOf, workedOf } from './hours'

const shift = (change: Partial<Shift> = {}): Shift => ({
  id: 'shf_a', rider_id: 'rid_a', zone_id: 'zon_a', started_at: iso(-3600), ends_at: iso(4 * 3600), ended_at: null, delivered: 0, end_asked_at: null, break_asked_at: null, break_since: null, break_until: null, ...change,
})
const hours = (change: Partial<WorkHours> = {}): WorkHours => ({ today_s: 3600, break_due_at: null, must_end_at: null, rest_until: null, break_left_s: null, ...change })

test('work goes on while the rider is at it, and stands still on a break', () => {
  expect(stageOf(null)).toBe('off')
  expect(stageOf(shift())).toBe('on')
  expect(stageOf(shift({ break_since: iso(0) }))).toBe('break')
  expect(workedOf(hours(), noon, 'on', noon + 90_000)).toBe(3_690_000)
  expect(workedOf(hours(), noon, 'break', noon + 90_000)).toBe(3_600_000)
  expect(workedOf(hours(), noon, 'on', noon - 5000)).toBe(3_600_000) // a clock that was put back
})

test('what is left of the breaks runs down on one', () => {
  expect(breakLeftOf(hours(), shift(), noon)).toBeNull()
  expect(breakLeftOf(hours({ break_left_s: 600 }), null, noon)).toBeNull()
  expect(breakLeftOf(hours({ break_left_s: 600 }), shift(), noon + 90_000)).toBe(600_000)
  const resting = shift({ break_since: iso(0), break_until: iso(600) })
  expect(breakLeftOf(hours({ break_left_s: 600 }), resting, noon + 90_000)).toBe(510_000)
  expect(breakLeftOf(hours({ break_left_s: 600 }), resting, noon + 900_000)).toBe(0)
})

test('what is due is told, the first first, and soon half an hour before', () => {
  expect(dueOf(hours(), shift(), noon)).toEqual([])
  expect(dueOf(hours({ break_due_at: iso(1200), must_end_at: iso(7200) }), shift(), noon)).toEqual([
    { what: 'break', at: noon + 1_200_000, soon: true }, { what: 'end', at: noon + 7_200_000, soon: false },
  ])
  expect(dueOf(hours({ break_due_at: iso(1200) }), null, noon)).toEqual([])
})

test('an end after the shift’s own is no news, nor is a break after the end', () => {
  expect(dueOf(hours({ must_end_at: iso(5 * 3600) }), shift(), noon)).toEqual([])
  expect(dueOf(hours({ break_due_at: iso(8000), must_end_at: iso(7200) }), shift(), noon).map((d) => d.what)).toEqual(['end'])
})
