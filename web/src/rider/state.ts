// What the screens show. The phone's storage has the same where it must survive; everything else is read again.
import { create } from 'zustand'
import { serverNow, startClock, type ServerClock } from '../live/clock'
import { kept as keptCry, type Cry } from './alarm/cry'
import { nothing, type Claim, type Handover, type PooledLot, type LatLng, type Me, type Work } from './api'
import { get } from './db'
import type { Action } from './queue/action'
import { box } from './queue/box'
import { notices, type Notice } from './queue/notice'
import { kept, type Session } from './session'
import type { Change } from './work/changes'
import { project } from './work/project'

export type Link = 'connecting' | 'live' | 'polling' | 'offline'
export type Gps = 'off' | 'waiting' | 'on' | 'denied' | 'unavailable'
export interface Here extends LatLng { accuracy: number; at: number }

interface State {
  loaded: boolean
  session: Session | null
  ended: boolean // the session was ended by the server
  me: Me | null
  told: Work // by the server
  toldAt: number // Date.now(), 0: never
  waiting: Action[]
  settled: Action[] // answered a moment ago
  notices: Notice[]
  cry: Cry | null // the safety alarm
  alarmOpen: boolean
  pool: PooledLot[]
  claims: Claim[]
  handovers: Handover[] // given and asked for, with those that ended a moment ago
  changes: Change[] // of the plan, by others, that the rider has not read
  link: Link
  clock: ServerClock
  gps: Gps
  here: Here | null
  newer: boolean // version of this app, loaded and waiting
}

export const useRider = create<State>()(() => ({
  loaded: false, session: null, ended: false, me: null, told: nothing, toldAt: 0, waiting: [], settled: [], notices: [], cry: null, alarmOpen: false, pool: [], claims: [], handovers: [], changes: [],
  link: 'connecting', clock: { server: Date.now(), local: Date.now(), speed: 1 }, gps: 'off', here: null, newer: false,
}))

// now is the server's time in ms. Seen from the wall's clock, which goes on while the phone sleeps and the app is away.
export const now = () => serverNow(useRider.getState().clock, Date.now())
export const nowIso = () => new Date(now()).toISOString()

// load brings back what the phone knew when it was last used.
export async function load(): Promise<void> {
  const [session, me, told, clock, waiting, unread, cry] = await Promise.all([
    kept(), get<Me>('me'), get<{ work: Work; at: number }>('work'), get<ServerClock>('clock'), box.all(), notices(), keptCry(),
  ])
  const same = session && me?.rider.id === session.rider.id // else it was another rider's
  useRider.setState({
    loaded: true, session: session ?? null, waiting, settled: [], pool: [], claims: [], handovers: [], changes: [], notices: unread, cry: cry && cry.rider === session?.rider.id ? cry : null, ...(clock && { clock }),
    ...(same ? { me, ...(told && { told: told.work, toldAt: told.at }) } : { me: null, told: nothing, toldAt: 0 }),
  })
}

export const clockFrom = (m: Me) => startClock(m.settings.now, m.settings.clock_speed, Date.now())

// shown is what the rider sees of the work.
let memo: { told: Work; waiting: Action[]; settled: Action[]; rider: string; work: Work } | undefined
export function shown(s: Pick<State, 'told' | 'waiting' | 'settled' | 'session'>): Work {
  const rider = s.session?.rider.id ?? ''
  const m = memo
  if (m && m.told === s.told && m.waiting === s.waiting && m.settled === s.settled && m.rider === rider) return m.work
  const fresh = { told: s.told, waiting: s.waiting, settled: s.settled, rider, work: project(s.told, [...s.settled, ...s.waiting].filter((a) => a.rider === rider)) }
  memo = fresh
  return fresh.work
}
