// What the settlements shown come to, by account and currency. Pure.
import type { Settlement } from '../api'

export type Sum = Pick<Settlement, 'account' | 'currency' | 'total'>

export function sumsOf(rows: readonly Settlement[]): Sum[] {
  const by = new Map<string, Sum>()
  for (const { account, currency, total } of rows) {
    const key = `${account} ${currency}`
    by.set(key, { account, currency, total: (by.get(key)?.total ?? 0) + total })
  }
  return [...by].sort(([a], [b]) => a.localeCompare(b)).map(([, s]) => s)
}
