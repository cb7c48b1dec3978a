// Numbers and times as people read them.

const two = (n: number) => String(n).padStart(2, '0')

// countdown is mm:ss to a moment, or h:mm:ss; a minus sign once it has passed. Both are on the server's clock.
export function countdown(toMs: number, nowMs: number): string {
  const total = Math.trunc((toMs - nowMs) / 1000)
  const s = Math.abs(total)
  const sign = total < 0 ? '−' : ''
  const h = Math.floor(s / 3600)
  const m = Math.floor((s % 3600) / 60)
  return h > 0 ? `${sign}${h}:${two(m)}:${two(s % 60)}` : `${sign}${two(m)}:${two(s % 60)}`
}

// signedMinutes: +6, −3, 0. Away from zero beyond half a minute, so that "late" never reads 0.
export function signedMinutes(seconds: number): string {
  const m = Math.abs(seconds) < 30 ? 0 : Math.sign(seconds) * Math.max(1, Math.round(Math.abs(seconds) / 60))
  return m > 0 ? `+${m}` : m < 0 ? `−${-m}` : '0'
}

export function distance(m: number): string {
  return m < 950 ? `${Math.round(m / 10) * 10} m` : `${(m / 1000).toFixed(m < 9950 ? 1 : 0)} km`
}

// A cost term, in the solver's minutes: one decimal, with its sign.
export function minutes(v: number): string {
  const r = Math.round(v * 10) / 10
  return r < 0 ? `−${Math.abs(r).toFixed(1)}` : Math.abs(r).toFixed(1)
}

// shortId is the end of a TypeID: the beginning is time, alike in all orders of one lunch.
export const shortId = (id: string) => id.slice(-6).toUpperCase()

const formats = new Map<string, Intl.DateTimeFormat>()

export function clockTime(ms: number, timeZone: string, seconds = false): string {
  const key = `${timeZone}${seconds}`
  let f = formats.get(key)
  if (!f) {
    const o: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', ...(seconds && { second: '2-digit' }), hourCycle: 'h23' }
    try {
      f = new Intl.DateTimeFormat('en-GB', { ...o, timeZone })
    } catch {
      f = new Intl.DateTimeFormat('en-GB', o) // a zone this browser does not know
    }
    formats.set(key, f)
  }
  return f.format(ms)
}

export function money(amount: number, currency: string, lang: string): string {
  try {
    const f = new Intl.NumberFormat(lang, { style: 'currency', currency })
    return f.format(amount / 10 ** (f.resolvedOptions().maximumFractionDigits ?? 2))
  } catch {
    return `${amount} ${currency}`
  }
}
