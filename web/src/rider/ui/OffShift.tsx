import { useState } from 'react'
import { checkIn, startShift } from '../live/shift'
import { now, useRider } from '../state'
import { fill, useWords } from '../words'
import { readySound } from './ring'
import { Big } from './Big'
import { CheckIn, mayCheckIn, useNextSlot } from './CheckIn'
import { useNow } from './hooks'
import { kept, keep } from './kept'
import { Later, Slots } from './later'
import { timeOf } from './text'

const choices = [2, 4, 6, 8]

export function OffShift() {
  const t = useWords()
  const me = useRider((s) => s.me)
  const session = useRider((s) => s.session)
  const [hours, setHours] = useState(() => kept('hours', 4))
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const [slots, setSlots] = useState(false)
  const at = useNow()
  const booked = useNextSlot(slots) // anew when the list of shifts is closed
  const due = booked && mayCheckIn(booked, at) ? booked : undefined
  const free = me?.rules.shifts !== 'booked'
  const start = async () => {
    readySound()
    setBusy(true)
    const why = await (due ? checkIn(due) : startShift(hours))
    setBusy(false)
    setWrong(why === null ? '' : why === 'rest' && me?.hours.rest_until ? fill(t.shift.restUntil, { time: timeOf(me.hours.rest_until) }) : t.shift[why])
  }
  return (
    <section className="center" data-testid="off-shift">
      <p className="hello">{(me?.rider ?? session?.rider)?.name}</p>
      <h1>{t.shift.off}</h1>
      <p className="dim">{due ? t.slots.checkInHint : free ? t.shift.offHint : t.shift.bookedOnly}</p>
      {booked && <CheckIn slot={booked} />}
      {free && !due && (
        <div className="choices" role="radiogroup" aria-label={t.shift.until}>
          {choices.map((h) => (
            <button key={h} role="radio" aria-checked={h === hours} className="choice" onClick={() => { setHours(h); keep('hours', h) }}>
              <b>{fill(t.shift.hours, { n: h })}</b>
              <span className="num">{timeOf(now() + h * 3_600_000)}</span>
            </button>
          ))}
        </div>
      )}
      <button className="quiet" onClick={() => setSlots(true)} data-testid="slots-open">{t.slots.title}</button>
      {slots && <Later><Slots onClose={() => setSlots(false)} /></Later>}
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{wrong}</p>}
        <Big tone="good" disabled={busy || (!free && !due)} onClick={() => void start()} data-testid="go-online">{busy ? t.shift.starting : due ? t.slots.checkIn : t.shift.goOnline}</Big>
      </div>
    </section>
  )
}
