import { expect, test } from 'vitest'
import { claimRows, duration, known, monthName, monthOf, rowsOf, type Report } from './rows'
import { en } from './words/en'

test('the most come first, in words; what has none stands as it came', () => {
  expect(rowsOf({ work: 2, late: 7, brand_new: 3, idle: 0 }, en.others.term)).toEqual([['it was less late', 7], ['brand_new', 3], ['a shorter way', 2]])
  expect(rowsOf({ '': 1 }, {}, 'no reason given')).toEqual([['no reason given', 1]])
})

test('a claim is told with why it ended so', () => {
  expect(claimRows({ 'won first': 2, 'lost taken': 3, open: 1, 'lost moon': 4 }, en.claims)).toEqual([['Lost: moon', 4], ['Lost: another rider got it', 3], ['Won: first to claim', 2], ['Not decided yet', 1]])
})

test('months go over the year', () => {
  expect(monthOf('2026-01', -1)).toBe('2025-12')
  expect(monthOf('2025-12', 1)).toBe('2026-01')
  expect([monthName('2026-03', 'en'), monthName('2026-03', 'zh-CN')]).toEqual(['March 2026', '2026年3月'])
})

test('reasons are forgotten after 90 days', () => {
  const of = (from: string) => known({ from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', decisions: { from } } as Report)
  expect([of('2026-03-01T00:00:00Z'), of('2026-03-20T00:00:00Z'), of('2026-04-01T00:00:00Z')]).toEqual(['all', 'part', 'none'])
})

test('seconds are said as people say them', () => {
  expect([0, 45, 600, 3600, 16_200].map((s) => duration(s, en.rules))).toEqual(['no limit', '45 s', '10 min', '1 h', '4 h 30 min'])
})
