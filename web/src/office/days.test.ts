import { expect, test } from 'vitest'
import { addDays, dayIn, minorOf, mondayOf, weekFrom } from './days'

test('the day is that of the company, not of the browser', () => {
  const late = Date.parse('2026-03-12T22:30:00Z')
  expect(dayIn(late, 'Europe/Rome')).toBe('2026-03-12')
  expect(dayIn(late, 'Asia/Shanghai')).toBe('2026-03-13')
  expect(dayIn(late, 'Nowhere/Land')).toBe('2026-03-12')
})

test('weeks begin on Monday, also where clocks change and years end', () => {
  expect(mondayOf('2026-03-29')).toBe('2026-03-23')
  expect(mondayOf('2026-03-23')).toBe('2026-03-23')
  expect(mondayOf('2027-01-01')).toBe('2026-12-28')
  expect(weekFrom('2026-03-23').at(-1)).toBe('2026-03-29')
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
})

test.each<[string, string, number | null]>([
  ['12.50', 'EUR', 1250], ['12,5', 'EUR', 1250], ['−3', 'EUR', -300], ['-0.05', 'EUR', -5], ['+7', 'CNY', 700], ['900', 'JPY', 900], ['0', 'EUR', 0], [' 4.20 ', 'EUR', 420],
  ['12.505', 'EUR', null], ['9.5', 'JPY', null], ['', 'EUR', null], ['1.000,50', 'EUR', null], ['twelve', 'EUR', null],
])('%j %s is %s', (typed, currency, minor) => expect(minorOf(typed, currency)).toBe(minor))
