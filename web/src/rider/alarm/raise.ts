// The page's side of the alarm: raises it, shows what came of it, and does not stop.
import { source } from '../gps/source'
import { alone } from '../lock'
import { uuid } from '../../lib/uuid'
import { askWorker } from '../queue/wake'
import { call } from '../session'
import { nowIso, useRider } from '../state'
import { forget, keep, kept, tell, type Cry } from './cry'

const set = useRider.setState
const againMs = 4000

// raise keeps the alarm before anything else; where the rider is follows, should the phone not know it yet.
export async function raise(): Promise<void> {
  const { session, here, cry } = useRider.getState()
  if (!session || (cry && !cry.acknowledged)) return
  navigator.vibrate?.([120, 80, 120])
  const c: Cry = { id: uuid(), rider: session.rider.id, at: nowIso(), ...(here && { place: { lat: here.lat, lng: here.lng } }), heard: false, acknowledged: '' }
  await keep(c)
  set({ cry: c })
  if (!here) locate(c.id)
  void again()
}

let telling = false

// again tells it now, unless an attempt is under way.
export async function again(): Promise<void> {
  const { session, cry } = useRider.getState()
  if (!session || !cry || cry.acknowledged || telling) return
  telling = true
  try {
    const c = await tell(session.rider.id, call)
    if (c) set({ cry: c })
    if (!c?.heard) await askWorker()
  } finally {
    telling = false
  }
}

// insist tells the alarm every few seconds until a dispatcher has seen it, also after a reload; it goes on until the returned
// function is called.
export function insist(): () => void {
  const timer = setInterval(() => void again(), againMs)
  void again()
  return () => clearInterval(timer)
}

// dismiss takes it off the screen, once it has been seen.
export async function dismiss(): Promise<void> {
  await forget()
  set({ cry: null })
}

// locate adds the first fix to an alarm that the server has not heard yet; without a shift nothing else looks for one.
function locate(id: string) {
  const stop = source({
    onFix: (f) => {
      stop()
      void alone('alarm', async () => {
        const c = await kept()
        if (c?.id === id && !c.heard) await keep({ ...c, place: { lat: f.lat, lng: f.lng } })
      })
    },
    onTrouble: () => undefined, // it is told without a place: the server knows the last one
  })
}
