// A ride at a desk: from the place in the address towards the next stop, at an e-bike's speed.
import type { LatLng } from '../api'
import { shown, useRider } from '../state'
import { stepsOf } from '../work/step'
import { metres, type Raw } from './sieve'
import type { Receiver } from './source'
import { towards } from './towards'

const speed = 6 // m/s
const beatMs = 1000

export function startOf(search: string): LatLng | null {
  const m = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(new URLSearchParams(search).get('at') ?? '')
  if (!m) return null
  const at = { lat: Number(m[1]), lng: Number(m[2]) }
  return Math.abs(at.lat) <= 90 && Math.abs(at.lng) <= 180 ? at : null
}

export function trial(start: LatLng, to: Receiver): () => void {
  let at = start
  const beat = () => {
    const s = useRider.getState()
    const next = stepsOf(shown(s).plan)[0]
    const was = at
    if (next) at = towards(at, next.stop.location, (speed * s.clock.speed * beatMs) / 1000)
    const fix: Raw = { at: Date.now(), ...at, accuracy: 8, speed: metres(was, at) > 0 ? speed : 0, heading: null }
    to.onFix(fix)
  }
  const timer = setInterval(beat, beatMs)
  beat()
  return () => clearInterval(timer)
}
