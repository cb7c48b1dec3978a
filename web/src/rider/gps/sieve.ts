// Which fixes are worth a byte. Pure.
export interface Raw { at: number; lat: number; lng: number; accuracy: number; speed: number | null; heading: number | null }

const soonest = 4_000 // ms: not more often, however fast
const nearest = 12 // m: standing still is said once …
const latest = 30_000 // … and again after so long, so that the dispatcher knows that the phone is alive

export function worth(fix: Raw, last: Raw | null): boolean {
  if (!last) return true
  const passed = fix.at - last.at
  if (passed < soonest) return false
  return passed >= latest || metres(fix, last) >= Math.max(nearest, Math.min(fix.accuracy, 50) / 2)
}

export function metres(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const rad = Math.PI / 180
  const x = (b.lng - a.lng) * rad * Math.cos(((a.lat + b.lat) / 2) * rad)
  return 6_371_000 * Math.hypot(x, (b.lat - a.lat) * rad)
}
