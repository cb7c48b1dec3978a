// Numbers and times as riders read them, at a glance.
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

// timeOf is a moment in the phone's own time zone.
export const timeOf = (at: string | number) => clock.format(typeof at === 'number' ? at : Date.parse(at))

// sum adds amounts by currency: "€4.50", or "€4.50 + $2.00".
export function sum(amounts: readonly ({ amount: number; currency: string } | null)[], show: (amount: number, currency: string) => string): string {
  const by = new Map<string, number>()
  for (const a of amounts) if (a) by.set(a.currency, (by.get(a.currency) ?? 0) + a.amount)
  return [...by].map(([currency, amount]) => show(amount, currency)).join(' + ')
}
