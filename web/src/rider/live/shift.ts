// Beginning and ending work, and breaks. None waits for a network: a shift that begins later has not begun, and who is offline gets nothing.
import type { LatLng, Slot } from '../api'
import { source } from '../gps/source'
import { now, useRider } from '../state'
import { ask } from './ask'
import { readMe } from './watch'

export type Trouble = 'needsNetwork' | 'hasWork' | 'notBooked' | 'notInZone' | 'rest' | 'breaksUsed' | 'failed'

export const startShift = (hours: number) => begin(now() + hours * 3_600_000)

// checkIn begins the shift that was booked; it ends when that does.
export const checkIn = (s: Slot) => begin(Date.parse(s.ends_at))

export const endShift = (afterLastDrop = false) => change('/v1/rider/shift/end', { after_last_drop: afterLastDrop })
export const startBreak = (afterLastDrop = false) => change('/v1/rider/break/start', { after_last_drop: afterLastDrop })
export const endBreak = () => change('/v1/rider/break/end', {})

async function begin(endsAt: number): Promise<Trouble | null> {
  const { here, me } = useRider.getState()
  const at = here ?? (me?.rules.in_zone ? await whereAmI() : null)
  return change('/v1/rider/shift/start', { ends_at: new Date(endsAt).toISOString(), ...(at && { location: { lat: at.lat, lng: at.lng } }) })
}

const patience = 8_000 // ms for a position; without one the server goes by the last that it has

// whereAmI asks once: off shift nobody is watched.
function whereAmI(): Promise<LatLng | null> {
  return new Promise((resolve) => {
    let stop = () => {}
    const done = (at: LatLng | null) => {
      clearTimeout(timer)
      resolve(at)
      setTimeout(() => stop()) // source may answer before it has returned
    }
    const timer = setTimeout(() => done(null), patience)
    stop = source({ onFix: ({ lat, lng }) => done({ lat, lng }), onTrouble: (gps) => { useRider.setState({ gps }); done(null) } })
  })
}

const byCode: Record<string, Trouble> = { has_work: 'hasWork', not_booked: 'notBooked', not_in_zone: 'notInZone', rest_needed: 'rest', breaks_used: 'breaksUsed' }

async function change(path: string, body: object): Promise<Trouble | null> {
  const a = await ask('POST', path, body)
  if ('unreachable' in a) return 'needsNetwork'
  if ('refused' in a) {
    const named = byCode[a.refused.code]
    if (named) return named
    if (a.refused.code !== 'off_shift') return 'failed'
  }
  return (await readMe()) ? null : 'needsNetwork'
}
