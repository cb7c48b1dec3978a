// Follows plan and offers: by the stream, and by asking every few seconds while the stream is down but the network is not.
import { observe } from '../../live/clock'
import { listen } from '../../live/sse'
import type { Handover, Me, Offer, Plan, Update, Work } from '../api'
import { put } from '../db'
import { hurry } from '../queue/post'
import { SignedOut, Unreachable } from '../queue/outcome'
import { bearer, call } from '../session'
import { clockFrom, useRider } from '../state'
import { newsOf } from '../work/changes'
import { newest } from '../work/newest'

const set = useRider.setState
const pollMs = 10_000
const quietMs = 22_000 // without a sign of life on the stream, which beats every 15 s, before we ask

export function takeWork(work: Work, at = Date.now()) {
  set({ told: work, toldAt: at })
  void put('work', { work, at })
}

// readMe reads profile, shift and clock; it reports whether it could.
export async function readMe(): Promise<boolean> {
  const a = await ask('/v1/rider/me')
  if (!a) return false
  const me = a as Me
  const clock = clockFrom(me)
  set({ me, clock })
  void put('me', me)
  void put('clock', clock)
  return true
}

async function readWork(): Promise<boolean> {
  const [plan, offers] = [await ask('/v1/rider/plan'), await ask('/v1/rider/offers')]
  if (!plan || !offers) return false
  const handovers = await ask('/v1/rider/handovers')
  if (handovers) set({ handovers: (handovers as { data: Handover[] }).data })
  takeWork(newest(useRider.getState().told, { plan: plan as Plan, offers: (offers as { data: Offer[] }).data }))
  return true
}

// ask is for what may fail: the next attempt is never far.
async function ask(path: string): Promise<unknown> {
  try {
    const a = await call('GET', path)
    return a.ok ? a.body : undefined
  } catch (e) {
    if (e instanceof SignedOut) set({ session: null, ended: true })
    else if (!(e instanceof Unreachable)) throw e
    return undefined
  }
}

// watch goes on until the returned function is called.
export function watch(): () => void {
  let close = () => {}
  let heard = 0
  let streaming = false
  let token = ''

  const begin = () => {
    close()
    close = listen(`/v1/rider/stream?since=${useRider.getState().told.plan.version}`, {
      onOpen: () => { streaming = true },
      onBytes: () => {
        heard = Date.now()
        set({ link: 'live', toldAt: heard })
      },
      onEvent: (e) => {
        if (e.event !== 'snapshot' && e.event !== 'changed') return
        const u = JSON.parse(e.data) as Update
        set((s) => ({ clock: observe(s.clock, u.now, Date.now()) }))
        set((s) => ({ pool: u.pool, claims: u.claims, handovers: u.handovers, changes: [...s.changes, ...newsOf(s.told.plan, u.plan, s.waiting)] }))
        takeWork({ plan: u.plan, offers: u.offers })
        if (e.event === 'snapshot') {
          void readMe()
          hurry()
        }
      },
      onDown: (why) => {
        streaming = false
        if (why === 'unauthenticated') void bearer(token).then(begin, down)
        else down()
      },
    }, async () => ({ Authorization: `Bearer ${(token = await bearer())}` }))
  }
  const down = () => {
    if (useRider.getState().link !== 'polling') set({ link: 'offline' })
  }
  const poll = async () => {
    if (streaming && Date.now() - heard < quietMs) return
    if (await readWork()) {
      set({ link: 'polling' })
      hurry()
    } else set({ link: 'offline' })
  }

  const back = () => { // from another app, or into the network
    if (document.hidden) return
    if (!streaming || Date.now() - heard > quietMs) begin()
    void poll()
    hurry()
  }
  const lost = () => {
    close() // it may hang for minutes before it notices
    streaming = false
    set({ link: 'offline' })
  }

  // What was delivered counts in the shift.
  const unsubscribe = useRider.subscribe((s, before) => { if (s.settled.length > before.settled.length) void readMe() })

  void readMe()
  begin()
  const timer = setInterval(() => void poll(), pollMs)
  addEventListener('online', back)
  addEventListener('offline', lost)
  document.addEventListener('visibilitychange', back)
  return () => {
    close()
    unsubscribe()
    clearInterval(timer)
    removeEventListener('online', back)
    removeEventListener('offline', lost)
    document.removeEventListener('visibilitychange', back)
    set({ link: 'connecting' })
  }
}
