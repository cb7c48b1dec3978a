// The page's side of the queue: puts actions in, sends them when it can, and shows what came of it.
import { again } from '../alarm/raise'
import type { Plan } from '../api'
import { alone } from '../lock'
import { call, kept } from '../session'
import { nowIso, useRider } from '../state'
import { newest } from '../work/newest'
import type { Action, NewAction } from './action'
import { box } from './box'
import { drain } from './drain'
import { note, notices } from './notice'
import { askWorker } from './wake'

const set = useRider.setState
const settleMs = 15_000 // that an answered action is still shown over a stream that lags behind

// act keeps what the rider did, and only then shows it as done.
export async function act(...actions: NewAction[]): Promise<void> {
  const rider = useRider.getState().session?.rider.id
  if (!rider) return
  const now = nowIso()
  for (const a of actions) await box.add(a, rider, now)
  await reread()
  void post()
}

export async function reread(): Promise<void> {
  const [waiting, unread] = [await box.all(), await notices()]
  set({ waiting, notices: unread })
}

let timer: ReturnType<typeof setTimeout> | undefined
let attempt = 0

// post sends what is waiting. Whatever is left is tried again by itself: after 1, 2, 4 … 20 s, and when the network is back.
export async function post(): Promise<void> {
  clearTimeout(timer)
  const rider = (await kept())?.rider.id
  if (!rider) return
  const left = await alone('queue', () => drain(rider, box, call, { done, refused: (a, p) => note(a, p), work: (w) => set((s) => ({ told: newest(s.told, w) })) }))
  await reread()
  if (left === 'signed-out') set({ session: null, ended: true })
  attempt = left === 'later' ? attempt + 1 : 0
  if (left !== 'later') return
  timer = setTimeout(() => void post(), Math.min(1000 * 2 ** (attempt - 1), 20_000))
  await askWorker()
}

// hurry is called when there is reason to believe that the network is back. An alarm does not queue behind the rest.
export function hurry() {
  void again()
  attempt = 0
  void post()
}

function done(a: Action, body: unknown) {
  if (a.kind === 'accept' && body) {
    set((s) => ({ told: { plan: body as Plan, offers: s.told.offers.filter((o) => o.id !== a.about) } }))
    return
  }
  set((s) => ({ settled: [...s.settled, a] }))
  setTimeout(() => set((s) => ({ settled: s.settled.filter((x) => x.id !== a.id) })), settleMs)
}
