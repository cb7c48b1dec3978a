// Numbers and times as riders read them, at a glance.
import { shortId } from '../../lib/format'
import type { Order } from '../api'
import type { Lang } from '../words'

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

// timeOf is a moment in the phone's own time zone.
export const timeOf = (at: string | number) => clock.format(typeof at === 'number' ? at : Date.parse(at))

const days = { en: new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }), zh: new Intl.DateTimeFormat('zh-CN', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }) }

// dayOf is a day (2026-03-02), which has no time zone.
export const dayOf = (day: string, lang: Lang) => days[lang].format(Date.parse(`${day}T00:00:00Z`))

const dates = { en: new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }), zh: new Intl.DateTimeFormat('zh-CN', { day: 'numeric', month: 'short', timeZone: 'UTC' }) }

// dateOf is a day without the name that it has in its week.
export const dateOf = (day: string, lang: Lang) => dates[lang].format(Date.parse(`${day}T00:00:00Z`))

// nameOf is what people call an order.
export const nameOf = (o: Pick<Order, 'id' | 'external_id'>) => o.external_id || shortId(o.id)

// sum adds amounts by currency: "€4.50", or "€4.50 + $2.00".
export function sum(amounts: readonly ({ amount: number; currency: string } | null)[], show: (amount: number, currency: string) => string): string {
  const by = new Map<string, number>()
  for (const a of amounts) if (a) by.set(a.currency, (by.get(a.currency) ?? 0) + a.amount)
  return [...by].map(([currency, amount]) => show(amount, currency)).join(' + ')
}
