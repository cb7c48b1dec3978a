// Where riders are on the screen between two fixes. Kept outside React: thousands move each second.
import type { PositionTuple, RiderRow } from '../api/types'

// Web Mercator, the whole world as the unit square.
export const mercatorX = (lng: number) => (lng + 180) / 360
export function mercatorY(lat: number) {
  const s = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180)
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI)
}

export interface Track {
  x0: number; y0: number // from here …
  x1: number; y1: number // … to the last fix
  t0: number; t1: number // on performance.now()
  heading: number | null
  fixAt: number // server's ms of the last fix
  heardAt: number
}

const shortest = 400
const longest = 6000

export class Tracks {
  readonly all = new Map<string, Track>()
  still = false // reduced motion: jump, don't glide
  private movingUntil = 0

  clear() {
    this.all.clear()
  }

  // keep forgets riders who are gone and places new ones.
  sync(riders: ReadonlyMap<string, RiderRow>, now: number) {
    for (const id of this.all.keys()) if (!riders.has(id)) this.all.delete(id)
    for (const r of riders.values()) {
      if (r.lat == null || r.lng == null) continue
      const at = r.at ? Date.parse(r.at) : 0
      const t = this.all.get(r.id)
      if (!t || at > t.fixAt) this.fix(r.id, r.lat, r.lng, r.heading, at, now)
    }
  }

  apply(p: readonly PositionTuple[], now: number) {
    for (const [id, lat, lng, heading, at] of p) this.fix(id, lat, lng, heading, at, now)
  }

  private fix(id: string, lat: number, lng: number, heading: number | null, at: number, now: number) {
    const x = mercatorX(lng)
    const y = mercatorY(lat)
    const t = this.all.get(id)
    if (!t) {
      this.all.set(id, { x0: x, y0: y, x1: x, y1: y, t0: now, t1: now, heading, fixAt: at, heardAt: now })
      return
    }
    if (at < t.fixAt) return // never backwards in time
    const k = progress(t, now)
    t.x0 += (t.x1 - t.x0) * k
    t.y0 += (t.y1 - t.y0) * k
    if (heading != null) t.heading = heading
    else if (Math.hypot(x - t.x1, y - t.y1) > 1e-8) t.heading = (Math.atan2(x - t.x1, t.y1 - y) * 180) / Math.PI
    t.x1 = x
    t.y1 = y
    t.t0 = now
    // It glides as long as the last fix was apart from the one before; a leap (> ~2 km) is not a ride.
    const gap = Math.max(shortest, Math.min(longest, now - t.heardAt))
    t.t1 = this.still || Math.hypot(x - t.x0, y - t.y0) > 5e-5 ? now : now + gap
    t.fixAt = at
    t.heardAt = now
    if (t.t1 > this.movingUntil) this.movingUntil = t.t1
  }

  moving(now: number) {
    return now < this.movingUntil
  }
}

export function progress(t: Track, now: number): number {
  if (now >= t.t1) return 1
  return t.t1 > t.t0 ? Math.max(0, (now - t.t0) / (t.t1 - t.t0)) : 1
}
