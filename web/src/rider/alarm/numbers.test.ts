import { expect, test } from 'vitest'
import { numbersIn } from './numbers'

test.each([
  ['Asia/Shanghai', '120 110'], ['PRC', '120 110'], ['Asia/Taipei', '119 110'], ['Asia/Hong_Kong', '999'], ['America/New_York', '911'], ['Australia/Perth', '000'],
  ['Europe/Rome', '112'], ['UTC', '112'], ['', '112'],
])('%s: %s', (zone, numbers) => {
  expect(numbersIn(zone).map((n) => n.number).join(' ')).toBe(numbers)
})
