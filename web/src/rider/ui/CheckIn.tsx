import { useEffect, useState } from 'react'
import type { Slot } from '../api'
import { readSlots } from '../live/slots'
import { mine, nextOf } from '../work/slots'
import { fill, useLang, useWords } from '../words'
import { useNow } from './hooks'
import { dayOf, timeOf } from './text'

// useNextSlot is the rider's next booked shift; undefined where there is none, or no network to ask by. again reads anew when it changes.
export function useNextSlot(again: unknown): Slot | undefined {
  const now = useNow()
  const [slots, setSlots] = useState<Slot[]>([])
  useEffect(() => {
    void readSlots().then((a) => { if ('got' in a) setSlots(a.got.data) })
  }, [again])
  return nextOf(slots, now)
}

// mayCheckIn reports whether a booked shift may begin.
export const mayCheckIn = (s: Slot, now: number): boolean => now >= Date.parse(mine(s)!.check_in_from)

// CheckIn shows the shift that is booked next, and when to be there.
export function CheckIn({ slot }: { slot: Slot }) {
  const t = useWords()
  const lang = useLang()
  const now = useNow()
  return (
    <div className="card booked" data-testid="booked">
      <span className="dim">{t.slots.next}</span>
      <b className="num">{dayOf(slot.day, lang)} {timeOf(slot.starts_at)} – {timeOf(slot.ends_at)}</b>
      <span>{slot.name}</span>
      {!mayCheckIn(slot, now) && <span className="dim">{fill(t.slots.checkInFrom, { time: timeOf(mine(slot)!.check_in_from) })}</span>}
    </div>
  )
}
