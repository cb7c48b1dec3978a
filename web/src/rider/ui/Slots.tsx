import { useCallback, useEffect, useState } from 'react'
import type { Slot } from '../api'
import { book, cancel, readSlots, type Refusal } from '../live/slots'
import { choiceOf, daysOf, mine } from '../work/slots'
import { fill, useLang, useWords } from '../words'
import { Big } from './Big'
import { useNow } from './hooks'
import { timeOf } from './text'

// Slots are the shifts of the coming days: what is free, what is booked.
export function Slots({ onClose }: { onClose(): void }) {
  const t = useWords()
  const lang = useLang()
  const now = useNow()
  const [slots, setSlots] = useState<Slot[]>()
  const [wrong, setWrong] = useState<Refusal | ''>('')
  const [busy, setBusy] = useState(false)
  const read = useCallback(async () => {
    const a = await readSlots()
    if ('got' in a) setSlots(a.got.data)
    else setWrong(a.why)
  }, [])
  useEffect(() => void read(), [read])
  const change = async (s: Slot) => {
    const own = mine(s)
    setBusy(true)
    const a = own ? await cancel(own) : await book(s)
    setWrong('got' in a ? '' : a.why)
    await read() // also after a refusal: somebody may have been faster
    setBusy(false)
  }
  const day = new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' }) // a day, not a moment
  const days = slots && daysOf(slots, now)
  return (
    <div className="cover" role="dialog" aria-modal aria-labelledby="slots-title" data-testid="slots">
      <h1 id="slots-title">{t.slots.title}</h1>
      {days?.length === 0 && <p className="lead">{t.slots.none}</p>}
      {days?.map(([d, list]) => (
        <section key={d} className="slots">
          <h2>{day.format(new Date(d))}</h2>
          <ul>
            {list.map((s) => {
              const choice = choiceOf(s, now)
              return (
                <li key={s.template_id} className={mine(s) ? 'mine' : ''}>
                  <div className="grow"><b className="num">{timeOf(s.starts_at)} – {timeOf(s.ends_at)}</b><span className="dim">{s.name} · {mine(s) ? t.slots.yours : fill(t.slots.free, { n: s.free })}</span></div>
                  {choice === 'book' && <button className="small small-go" disabled={busy} onClick={() => void change(s)} data-testid="book">{t.slots.book}</button>}
                  {choice === 'cancel' && <button className="small" disabled={busy} onClick={() => void change(s)} data-testid="cancel-booking">{t.slots.cancel}</button>}
                  {choice === 'full' && <span className="dim">{t.slots.full}</span>}
                </li>
              )
            })}
          </ul>
        </section>
      ))}
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{t.slots.refusal[wrong]}</p>}
        <Big tone="plain" onClick={onClose} data-testid="slots-back">{t.alarm.back}</Big>
      </div>
    </div>
  )
}
