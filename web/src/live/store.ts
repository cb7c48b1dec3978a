// The live state of one zone, and the truth about the connection to it.
import { create } from 'zustand'
import type { StreamMessage } from '../api/types'
import { observe, serverNow, startClock, type ServerClock } from './clock'
import { linkOf, type Link } from './link'
import { nothing, reduce, type Live } from './reduce'
import { listen } from './sse'
import { Tracks } from './tracks'

interface LiveState extends Live {
  zone: string
  link: Link
  heardAt: number // performance.now() of the last sign of life; 0: none yet
  hasSnapshot: boolean
  clock: ServerClock
  ended: boolean // the session is over
}

export const tracks = new Tracks()

export const useLive = create<LiveState>()(() => ({
  ...nothing, zone: '', link: 'connecting', heardAt: 0, hasSnapshot: false, ended: false,
  clock: { server: Date.now(), local: performance.now(), speed: 1 },
}))

// now is the server's time, in ms.
export const now = () => serverNow(useLive.getState().clock, performance.now())

let disconnect = () => {}

// watch follows one zone until the returned function is called or another zone is watched.
export function watch(zone: string): () => void {
  disconnect()
  tracks.clear()
  useLive.setState({ ...nothing, zone, link: 'connecting', heardAt: performance.now(), hasSnapshot: false, ended: false })

  let connected = false
  let heard = performance.now()
  let queue: StreamMessage[] = []
  let scheduled = false

  const flush = () => {
    scheduled = false
    const batch = queue
    queue = []
    if (!batch.length) return
    const local = performance.now()
    const s = useLive.getState()
    let { clock, hasSnapshot } = s
    let placed = false
    for (const m of batch) {
      if (m.event === 'snapshot') {
        clock = startClock(m.data.now, m.data.speed, local)
        hasSnapshot = true
        tracks.clear()
      } else if (hasSnapshot) clock = observe(clock, m.data.now, local)
      if (m.event === 'positions') tracks.apply(m.data.p ?? [], local)
      else placed ||= m.event === 'snapshot' || m.event === 'riders'
    }
    const live = reduce(s, batch)
    if (placed) tracks.sync(live.riders, local)
    useLive.setState({ ...live, clock, hasSnapshot, heardAt: heard, link: linkOf(connected, hasSnapshot, local - heard) })
  }
  // Once per frame at most; a hidden page has no frames, so a timer stands in.
  const schedule = () => {
    if (scheduled) return
    scheduled = true
    if (document.hidden) setTimeout(flush, 250)
    else requestAnimationFrame(flush)
  }

  const close = listen(`/v1/console/stream?zone_id=${encodeURIComponent(zone)}`, {
    onOpen: () => { connected = true },
    onBytes: () => { heard = performance.now() },
    onEvent: (e) => {
      try {
        queue.push({ event: e.event, data: JSON.parse(e.data) } as StreamMessage)
      } catch {
        console.error('stream: not JSON:', e.event)
        return
      }
      schedule()
    },
    onDown: (why) => {
      connected = false
      if (why === 'unauthenticated') useLive.setState({ ended: true })
      tick()
    },
  })
  const tick = () => {
    const s = useLive.getState()
    const link = linkOf(connected, s.hasSnapshot, performance.now() - heard)
    if (link !== s.link || (link === 'live' && heard - s.heardAt > 2000)) useLive.setState({ link, heardAt: heard })
  }
  const ticker = setInterval(tick, 500)
  const onVisible = () => setTimeout(flush, 0) // what a frame was to bring, which a page just hidden won't have
  document.addEventListener('visibilitychange', onVisible)

  disconnect = () => {
    close()
    clearInterval(ticker)
    document.removeEventListener('visibilitychange', onVisible)
    queue = []
    disconnect = () => {}
  }
  const mine = disconnect
  return () => mine()
}
