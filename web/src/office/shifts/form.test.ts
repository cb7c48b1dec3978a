import { expect, test } from 'vitest'
import { bodyOf, wrongIn, type Form } from './form'

const form = (change: Partial<Form> = {}): Form => ({ name: ' Dinner ', weekdays: ['sun', 'fri'], from: '18:00', to: '01:30', places: 4, vehicles: [], first_day: '', last_day: '', ...change })

test('a good form is sent as the server reads it', () => {
  expect(wrongIn(form())).toEqual({})
  expect(bodyOf(form(), 'zon_a')).toEqual({ zone_id: 'zon_a', name: 'Dinner', weekdays: ['fri', 'sun'], from: '18:00', to: '01:30', places: 4, vehicles: [] })
  expect(bodyOf(form({ first_day: '2026-03-02', last_day: '2026-03-02' }), 'zon_a')).toMatchObject({ first_day: '2026-03-02', last_day: '2026-03-02' })
})

test.each<[Partial<Form>, object]>([
  [{ weekdays: [] }, { weekdays: 'wrongDays' }],
  [{ from: '24:00', to: '9:30' }, { from: 'wrongTime', to: 'wrongTime' }],
  [{ places: '' }, { places: 'wrongPlaces' }],
  [{ places: 1.5 }, { places: 'wrongPlaces' }],
  [{ places: 10_001 }, { places: 'wrongPlaces' }],
  [{ first_day: '2026-03-02', last_day: '2026-03-01' }, { last_day: 'wrongLast' }],
])('%j', (change, wrong) => expect(wrongIn(form(change))).toEqual(wrong))
