// Beginning and ending work. Neither waits for a network: a shift that begins later has not begun, and who is offline gets nothing.
import { SignedOut, Unreachable } from '../queue/outcome'
import { call } from '../session'
import { now, useRider } from '../state'
import { readMe } from './watch'

export type Trouble = 'needsNetwork' | 'hasWork' | 'notBooked' | 'notInZone' | 'failed'

export const startShift = (hours: number) => {
  const { here } = useRider.getState()
  return change('/v1/rider/shift/start', {
    ends_at: new Date(now() + hours * 3_600_000).toISOString(), ...(here && { location: { lat: here.lat, lng: here.lng } }),
  })
}

export const endShift = () => change('/v1/rider/shift/end', {})

const byCode: Record<string, Trouble> = { has_work: 'hasWork', not_booked: 'notBooked', not_in_zone: 'notInZone' }

async function change(path: string, body: object): Promise<Trouble | null> {
  try {
    const a = await call('POST', path, body)
    const named = a.ok ? undefined : byCode[a.problem.code]
    if (named) return named
    if (!a.ok && a.problem.code !== 'off_shift') return 'failed'
  } catch (e) {
    if (e instanceof SignedOut) useRider.setState({ session: null, ended: true })
    else if (!(e instanceof Unreachable)) throw e
    return 'needsNetwork'
  }
  return (await readMe()) ? null : 'needsNetwork'
}
