// Days without a time of day, as the server names them (2026-03-02), and money as people type it. Pure.
const dayMs = 86_400_000
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)

// dayIn is the day that it is in a time zone.
export function dayIn(ms: number, timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(ms)
  } catch {
    return text(ms) // a zone this browser does not know
  }
}

export const addDays = (day: string, n: number) => text(at(day) + n * dayMs)
export const mondayOf = (day: string) => addDays(day, -((new Date(at(day)).getUTCDay() + 6) % 7))
export const weekFrom = (day: string) => Array.from({ length: 7 }, (_, i) => addDays(day, i))

export function showDay(day: string, lang: string, long = false): string {
  return new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', day: 'numeric', month: 'short', ...(long && { year: 'numeric' }), timeZone: 'UTC' }).format(at(day)).replace(',', '')
}

// minorOf reads an amount as it is typed (12.50, 12,5, −3) into minor units; null: it is none, or finer than the currency.
export function minorOf(typed: string, currency: string): number | null {
  const m = /^([-−–+]?)(\d{1,9})(?:[.,](\d+))?$/.exec(typed.trim())
  if (!m) return null
  const digits = digitsOf(currency)
  const part = m[3] ?? ''
  if (part.length > digits) return null
  const minor = Number(m[2]) * 10 ** digits + (digits ? Number(part.padEnd(digits, '0')) : 0)
  return m[1] && m[1] !== '+' ? -minor : minor
}

function digitsOf(currency: string): number {
  try {
    return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  } catch {
    return 2
  }
}
