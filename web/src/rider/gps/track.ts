// Where the rider is: watched during a shift, kept in the phone, sent in batches. What can't be sent now is sent later, by its
// own times; the server sorts out what came late.
import type { Fix } from '../api'
import { withStore } from '../db'
import { alone } from '../lock'
import { SignedOut, Unreachable } from '../queue/outcome'
import { call } from '../session'
import { now, useRider } from '../state'
import { worth, type Raw } from './sieve'
import { source } from './source'

const set = useRider.setState
const everyMs = 8_000
const batch = 500 // the server's limit
const most = 20_000 // fixes kept: a whole shift without a network

type Kept = Fix & { rider: string } // whose: the phone may have another rider tomorrow

// track goes on until the returned function is called.
export function track(): () => void {
  let last: Raw | null = null
  const stop = source({
    onFix: (f) => {
      const here = { lat: f.lat, lng: f.lng, accuracy: f.accuracy, at: now() }
      set({ gps: 'on', here })
      if (!worth(f, last)) return
      last = f
      void keep(f)
    },
    onTrouble: (gps) => set({ gps }),
  })
  set((s) => ({ gps: s.gps === 'on' ? 'on' : 'waiting' }))
  const timer = setInterval(() => void send(), everyMs)
  return () => {
    stop()
    clearInterval(timer)
    set({ gps: 'off', here: null })
  }
}

// keep gives the fix its number: the key, which counts up for as long as the app is installed.
async function keep(f: Raw) {
  const rider = useRider.getState().session?.rider.id
  if (!rider) return
  const fix: Omit<Kept, 'seq'> = {
    rider,
    at: new Date(now()).toISOString(), lat: f.lat, lng: f.lng, accuracy_m: Math.min(f.accuracy, 1e6),
    ...(f.speed !== null && f.speed >= 0 && { speed_mps: f.speed }), ...(f.heading !== null && f.heading >= 0 && { heading_deg: f.heading }),
  }
  const seq = (await withStore('fixes', 'readwrite', (s) => s.add(fix))) as number
  if (seq % 1000 === 0) await withStore('fixes', 'readwrite', (s) => s.delete(IDBKeyRange.upperBound(seq - most)))
  if (seq <= 1) void send() // dispatch begins with the first
}

// send brings the oldest fixes to the server, batch by batch.
export function send(): Promise<void> {
  return alone('fixes', async () => {
    for (;;) {
      const next = await withStore('fixes', 'readonly', (s) => s.getAll(undefined, batch) as IDBRequest<Kept[]>)
      if (!next.length) return
      const me = useRider.getState().session?.rider.id
      if (!me) return
      const fixes: Fix[] = next.flatMap(({ rider, ...fix }) => (rider === me ? [fix] : []))
      try {
        const a = fixes.length ? await call('POST', '/v1/rider/positions', { fixes }) : { ok: true as const }
        // What the server can't read now it can't read later either; all else is worth another attempt.
        if (!a.ok && (a.status >= 500 || a.status === 429 || a.status === 408)) return
      } catch (e) {
        if (e instanceof Unreachable || e instanceof SignedOut) return
        throw e
      }
      await withStore('fixes', 'readwrite', (s) => s.delete(IDBKeyRange.upperBound(next.at(-1)!.seq)))
    }
  })
}
