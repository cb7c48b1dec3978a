import { expect, test } from 'vitest'
import { monthOf, weekOf } from './statement'

test('a week begins on Monday, whatever the day and the year', () => {
  expect(weekOf('2026-03-02', 0)).toEqual({ from: '2026-03-02', to: '2026-03-08' }) // a Monday
  expect(weekOf('2026-03-08', 0)).toEqual({ from: '2026-03-02', to: '2026-03-08' }) // a Sunday
  expect(weekOf('2026-01-01', 0)).toEqual({ from: '2025-12-29', to: '2026-01-04' })
  expect(weekOf('2026-03-04', 2)).toEqual({ from: '2026-02-16', to: '2026-02-22' })
})

test('a month has its own length', () => {
  expect(monthOf('2026-03-31', 0)).toEqual({ from: '2026-03-01', to: '2026-03-31' })
  expect(monthOf('2026-03-31', 1)).toEqual({ from: '2026-02-01', to: '2026-02-28' })
  expect(monthOf('2026-01-15', 1)).toEqual({ from: '2025-12-01', to: '2025-12-31' })
  expect(monthOf('2028-03-01', 1)).toEqual({ from: '2028-02-01', to: '2028-02-29' })
})
