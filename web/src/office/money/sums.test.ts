import { expect, test } from 'vitest'
import type { Settlement } from '../api'
import { sumsOf } from './sums'

const row = (account: 'merchant' | 'rider', total: number, currency: string) => ({ account, total, currency }) as Settlement

test('merchants and riders, and currencies, are never added to one another', () => {
  expect(sumsOf([row('rider', 420, 'EUR'), row('merchant', 500, 'EUR'), row('rider', -20, 'EUR'), row('merchant', 9, 'CNY')])).toEqual([
    { account: 'merchant', currency: 'CNY', total: 9 }, { account: 'merchant', currency: 'EUR', total: 500 }, { account: 'rider', currency: 'EUR', total: 400 },
  ])
  expect(sumsOf([])).toEqual([])
})
