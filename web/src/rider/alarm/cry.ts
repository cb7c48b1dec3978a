// The safety alarm: kept in the phone until a dispatcher has seen it, and told again and again until then. It waits for nothing
// else: not for the queue, not for a shift. The same id each time, so it is one alarm however often it arrives.
import type { Incident, LatLng } from '../api'
import { drop, get, put } from '../db'
import { alone } from '../lock'
import { SignedOut, Unreachable, type Answer } from '../queue/outcome'

export interface Cry {
  id: string
  rider: string // another rider's log-in must not send it
  at: string
  place?: LatLng
  heard: boolean // the server has it
  acknowledged: string // when a dispatcher saw it; empty: not yet
}

export const kept = () => get<Cry>('alarm')
export const keep = (c: Cry) => put('alarm', c)
export const forget = () => drop('alarm')

export type Call = (method: 'POST', path: string, body: unknown) => Promise<Answer>

// tell sends the rider's alarm once, and answers with what is now known of it; undefined where there is none to tell. Whatever goes
// wrong, it is told again later: no answer of the server's takes an alarm back.
export function tell(rider: string, call: Call): Promise<Cry | undefined> {
  return alone('alarm', async () => {
    const c = await kept()
    if (c?.rider !== rider || c.acknowledged) return undefined
    const known = heardOf(c, await send(c, call))
    if (known !== c) await keep(known)
    return known
  })
}

async function send(c: Cry, call: Call): Promise<Answer | undefined> {
  try {
    return await call('POST', '/v1/rider/alarm', { action_id: c.id, at: c.at, ...(c.place && { location: c.place }) })
  } catch (e) {
    if (e instanceof Unreachable || e instanceof SignedOut) return undefined
    throw e
  }
}

// heardOf is the alarm after an answer, or none. Pure.
export function heardOf(c: Cry, a: Answer | undefined): Cry {
  if (!a?.ok) return c
  return { ...c, heard: true, acknowledged: (a.body as Incident).acknowledged_at ?? '' }
}
