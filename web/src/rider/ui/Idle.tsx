import { IconCurrentLocation } from '@tabler/icons-react'
import { useState } from 'react'
import { endShift } from '../live/shift'
import { useRider } from '../state'
import { useWords } from '../words'
import { Big } from './Big'
import { useNow } from './hooks'
import { Hours } from './Hours'
import { Pool } from './Pool'
import { Problem } from './Problem'
import { PushAsk } from './Push'
import { timeOf } from './text'

export function Idle() {
  const t = useWords()
  const shift = useRider((s) => s.me?.shift)
  const gps = useRider((s) => s.gps)
  const now = useNow()
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const [problem, setProblem] = useState(false)
  if (!shift) return null
  const over = now > Date.parse(shift.ends_at)
  const end = async () => {
    setBusy(true)
    const why = await endShift()
    setBusy(false)
    setWrong(why === null ? '' : t.shift[why])
  }
  return (
    <section className="center" data-testid="idle">
      <div className={`pulse ${over ? 'over' : ''}`} aria-hidden><span /></div>
      <h1>{t.shift.on}</h1>
      <p className="lead">{over ? t.shift.over : t.shift.onHint}</p>
      <Pool />
      <PushAsk />
      <Hours />
      <dl className="facts">
        <div><dt>{t.shift.since}</dt><dd className="num">{timeOf(shift.started_at)} – {timeOf(shift.ends_at)}</dd></div>
        <div><dt>{t.shift.deliveredToday}</dt><dd className="num">{shift.delivered}</dd></div>
      </dl>
      <p className="row dim" data-testid="gps" data-gps={gps}><IconCurrentLocation size={22} aria-hidden />{t.gps[gps]}</p>
      <button className="quiet" onClick={() => setProblem(true)} data-testid="problem-open">{t.problem.title}</button>
      {problem && <Problem onClose={() => setProblem(false)} />}
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{wrong}</p>}
        <Big tone="plain" disabled={busy} onClick={() => void end()} data-testid="go-offline">{busy ? t.shift.ending : t.shift.goOffline}</Big>
      </div>
    </section>
  )
}
