import type { LatLng } from '../api'
import { metres } from './sieve'

// towards is a straight way on, and not beyond.
export function towards(from: LatLng, to: LatLng, m: number): LatLng {
  const all = metres(from, to)
  if (all <= m) return to
  const part = m / all
  return { lat: from.lat + (to.lat - from.lat) * part, lng: from.lng + (to.lng - from.lng) * part }
}
