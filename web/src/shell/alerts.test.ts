import { expect, test } from 'vitest'
import type { AlertRow } from '../api/types'
import { ordered, shown } from './alerts'

const row = (id: string, kind: AlertRow['kind']) => ({ id, kind }) as AlertRow

test('alarms come first and are never folded away', () => {
  const rows = [row('a', 'other'), row('b', 'alarm'), ...'cdef'.split('').map((id) => row(id, 'long_wait')), row('g', 'alarm')]
  expect(ordered(rows).map((a) => a.id)).toEqual(['b', 'g', 'a', 'c', 'd', 'e', 'f'])
  expect(shown(rows)).toBe(5)
  expect(shown([])).toBe(0)
})
