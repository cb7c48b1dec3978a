import { expect, test } from 'vitest'
import { noon } from '../testing'
import { clockTime, countdown, distance, minutes, money, shortId, signedMinutes } from './format'

test.each([
  [0, '00:00'], [1, '00:01'], [61, '01:01'], [3599, '59:59'], [3600, '1:00:00'], [-1, '−00:01'], [-3661, '−1:01:01'],
])('countdown of %i s is %s', (s, text) => {
  expect(countdown(noon + s * 1000, noon)).toBe(text)
})

test('a countdown does not skip or repeat zero', () => {
  expect(countdown(noon + 999, noon)).toBe('00:00')
  expect(countdown(noon - 999, noon)).toBe('00:00')
})

test.each([[0, '0'], [29, '0'], [31, '+1'], [89, '+1'], [91, '+2'], [-31, '−1'], [-600, '−10']])('%i s is %s min', (s, text) => {
  expect(signedMinutes(s)).toBe(text)
})

test('distances, minutes, money, ids, times', () => {
  expect([4, 420, 949, 950, 9940, 12_400].map(distance)).toEqual(['0 m', '420 m', '950 m', '0.9 km', '9.9 km', '12 km'])
  expect([0, 2.04, 2.06, -1.5].map(minutes)).toEqual(['0.0', '2.0', '2.1', '−1.5'])
  expect(money(6850, 'CNY', 'zh')).toBe('¥68.50')
  expect(money(500, 'JPY', 'en')).toBe('¥500')
  expect(shortId('ord_01m8236hvafm290wj3wyj7pbcs')).toBe('J7PBCS')
  expect(clockTime(noon, 'Asia/Shanghai')).toBe('20:00')
  expect(clockTime(noon, 'Europe/Rome', true)).toBe('13:00:00')
})
