import { IconCoffee } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { endBreak, type Trouble } from '../live/shift'
import { readMe } from '../live/watch'
import { useRider } from '../state'
import { fill, useWords } from '../words'
import { Big } from './Big'
import { useNow } from './hooks'
import { Hours } from './Hours'
import { span } from './span'
import { timeOf } from './text'

// Break is the screen of a rider who rests.
export function Break() {
  const t = useWords()
  const now = useNow()
  const since = useRider((s) => s.me?.shift?.break_since)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Trouble | null>(null)
  const until = useRider((s) => s.me?.shift?.break_until)
  const over = Boolean(until) && now >= Date.parse(until!)
  useEffect(() => {
    if (!over) return // it ends by itself, a moment later
    void readMe()
    const timer = setInterval(() => void readMe(), 5_000)
    return () => clearInterval(timer)
  }, [over])
  if (!since) return null
  const back = async () => {
    setBusy(true)
    setWrong(await endBreak())
    setBusy(false)
  }
  return (
    <section className="center" data-testid="on-break">
      <div className="cup" aria-hidden><IconCoffee size={64} stroke={1.6} /></div>
      <h1>{t.hours.onBreak}</h1>
      <p className="earned"><b className="num">{span(t, now - Date.parse(since))}</b><span>{fill(t.hours.since, { time: timeOf(since) })}</span></p>
      <p className="lead">{t.hours.onBreakHint}</p>
      <Hours />
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{t.shift[wrong]}</p>}
        <Big tone="good" disabled={busy} onClick={() => void back()} data-testid="break-end">{t.hours.back}</Big>
      </div>
    </section>
  )
}
