import { expect, test } from 'vitest'
import type { Booking, Slot } from '../api'
import { iso, noon } from '../testing'
import { choiceOf, daysOf, nextOf } from './slots'

const slot = (from: number, change: Partial<Slot> = {}): Slot => ({
  template_id: 'tpl_a', day: iso(from).slice(0, 10), zone_id: 'zon_a', name: 'Dinner', starts_at: iso(from), ends_at: iso(from + 7200), places: 2, free: 1, vehicles: [], bookings: [], ...change,
})
const booking = (state: Booking['state'], until: number): Booking => ({
  id: 'bkg_a', template_id: 'tpl_a', day: '', rider_id: 'rid_a', zone_id: 'zon_a', starts_at: iso(0), ends_at: iso(0), state, booked_at: iso(-60), by_staff: false,
  check_in_from: iso(0), cancel_until: iso(until), shift_id: '',
})

test.each<[string, Slot, string]>([
  ['free', slot(3600), 'book'], ['full', slot(3600, { free: 0 }), 'full'], ['begun', slot(-60), 'over'],
  ['mine', slot(3600, { free: 0, bookings: [booking('booked', 60)] }), 'cancel'], ['too late to cancel', slot(3600, { bookings: [booking('booked', -60)] }), 'booked'],
  ['cancelled before', slot(3600, { bookings: [booking('cancelled', 60)] }), 'book'], ['come', slot(-60, { bookings: [booking('kept', 60)] }), 'booked'],
])('%s', (_, s, choice) => expect(choiceOf(s, noon)).toBe(choice))

test('days in order, without what is over', () => {
  expect(daysOf([slot(-9000), slot(60), slot(7300), slot(86_400)], noon).map(([d, s]) => [d, s.length])).toEqual([['2026-03-12', 2], ['2026-03-13', 1]])
})

test('the next is the rider’s own', () => {
  const own = slot(7200, { bookings: [booking('booked', 60)] })
  expect(nextOf([slot(60), own], noon)).toBe(own)
  expect(nextOf([slot(60)], noon)).toBeUndefined()
})
