import { useState } from 'react'
import { endBreak, endShift, startBreak, type Trouble } from '../live/shift'
import { useRider } from '../state'
import { breakLeftOf, dueOf, stageOf, workedOf } from '../work/hours'
import { fill, useWords } from '../words'
import { useNow, useWork } from './hooks'
import { span } from './span'
import { timeOf } from './text'

// Hours is how long the rider has worked, what the rules want next, and the ways to a rest.
export function Hours() {
  const t = useWords()
  const now = useNow()
  const me = useRider((s) => s.me)
  const working = useWork().plan.stops.length > 0
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Trouble | null>(null)
  if (!me) return null
  const { shift, hours } = me
  const stage = stageOf(shift)
  const breakLeft = breakLeftOf(hours, shift, now)
  const run = async (what: Promise<Trouble | null>) => {
    setBusy(true)
    setWrong(await what)
    setBusy(false)
  }
  const button = (text: string, test: string, what: () => Promise<Trouble | null>) =>
    <button className="small" disabled={busy} onClick={() => void run(what())} data-testid={test}>{text}</button>
  return (
    <div className="hours" data-testid="hours">
      <dl className="facts">
        <div><dt>{t.hours.today}</dt><dd className="num">{span(t, workedOf(hours, Date.parse(me.settings.now), stage, now))}</dd></div>
        {dueOf(hours, shift, now).map((d) => (
          <div key={d.what} className={d.soon ? 'soon' : ''}><dt>{d.what === 'break' ? t.hours.breakDue : t.hours.mustEnd}</dt><dd className="num">{fill(t.hours.by, { time: timeOf(d.at) })}</dd></div>
        ))}
        {breakLeft !== null && <div className={breakLeft === 0 ? 'soon' : ''} data-testid="break-left"><dt>{t.hours.breakLeft}</dt><dd className="num">{span(t, breakLeft)}</dd></div>}
        {!shift && hours.rest_until && <div><dt>{t.hours.rest}</dt><dd className="num">{timeOf(hours.rest_until)}</dd></div>}
      </dl>
      {wrong && <p className="wrong" role="alert">{t.shift[wrong]}</p>}
      {shift && stage === 'on' && (
        <div className="answer even">
          {shift.break_asked_at ? button(t.hours.noBreak, 'no-break', endBreak) : !shift.end_asked_at && breakLeft !== 0 && button(working ? t.hours.breakLater : t.hours.breakNow, 'break', () => startBreak(working))}
          {working && !shift.end_asked_at && button(t.hours.endLater, 'end-later', () => endShift(true))}
        </div>
      )}
    </div>
  )
}

// Winding says what begins with the last drop.
export function Winding() {
  const t = useWords()
  const shift = useRider((s) => s.me?.shift)
  if (!shift?.end_asked_at && !shift?.break_asked_at) return null
  return <p className="note" role="status" data-testid="winding">{shift.end_asked_at ? t.hours.endAsked : t.hours.breakAsked}</p>
}
