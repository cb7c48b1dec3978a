// Where fixes come from: the phone, or, to try the app out at a desk, a ride from a place in the address (?at=43.77,11.25).
import type { Gps } from '../state'
import type { Raw } from './sieve'
import { startOf, trial } from './trial'

export interface Receiver { onFix(f: Raw): void; onTrouble(g: Gps): void }

export function source(to: Receiver): () => void {
  const start = startOf(location.search)
  return start ? trial(start, to) : phone(to)
}

const stillMs = 25_000 // a phone that lies still says nothing; it is asked, and may answer with what it knew a minute ago
const lostMs = 120_000 // without an answer before the rider is told: tunnels are shorter

function phone(to: Receiver): () => void {
  if (!('geolocation' in navigator)) {
    to.onTrouble('unavailable')
    return () => {}
  }
  let heard = Date.now()
  const got = (p: GeolocationPosition) => {
    heard = Date.now()
    const c = p.coords
    to.onFix({ at: p.timestamp, lat: c.latitude, lng: c.longitude, accuracy: c.accuracy, speed: c.speed, heading: Number.isNaN(c.heading ?? NaN) ? null : c.heading })
  }
  const failed = (e: GeolocationPositionError) => {
    if (e.code === e.PERMISSION_DENIED) to.onTrouble('denied')
    else if (Date.now() - heard > lostMs) to.onTrouble('unavailable')
  }
  const options = { enableHighAccuracy: true, timeout: 20_000, maximumAge: 2_000 }
  const watching = navigator.geolocation.watchPosition(got, failed, options)
  const timer = setInterval(() => {
    if (Date.now() - heard > stillMs) navigator.geolocation.getCurrentPosition(got, failed, { ...options, maximumAge: 60_000 })
  }, stillMs)
  return () => {
    navigator.geolocation.clearWatch(watching)
    clearInterval(timer)
  }
}
