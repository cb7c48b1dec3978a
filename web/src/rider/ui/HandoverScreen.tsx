import { IconBuildingStore, IconMapPin } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { distance, money } from '../../lib/format'
import type { Handover } from '../api'
import { accept, decline, seen, type Refusal } from '../live/handover'
import { fill, useLang, useWords } from '../words'
import { Big } from './Big'
import { leftOf } from './countdown'
import { useNow } from './hooks'
import { ring } from './ring'
import { sum, timeOf } from './text'

// HandoverScreen is a colleague's question, and covers everything else: it can't wait long.
export function HandoverScreen({ handover: h }: { handover: Handover }) {
  const t = useWords()
  const lang = useLang()
  const left = leftOf(h, useNow(true))
  const [why, setWhy] = useState(false)
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Refusal | null>(null)
  const gone = left.seconds <= 0

  useEffect(() => { void seen(h) }, [h.id]) // eslint-disable-line react-hooks/exhaustive-deps -- once for each
  useEffect(() => (gone ? undefined : ring()), [gone])
  if (gone) return null

  const answer = async (does: () => Promise<Refusal | null>) => {
    setBusy(true)
    setWrong(await does())
    setBusy(false)
  }
  const meets = h.stops.some((s) => s.kind === 'take_over')
  const done = h.stops.at(-1)?.arrive_at
  return (
    <div className="offer" role="dialog" aria-modal aria-labelledby="handover-title" data-testid="handover">
      <div className={`count ${left.hurry ? 'hurry' : ''}`}>
        <svg viewBox="0 0 120 120" aria-hidden>
          <circle cx="60" cy="60" r="52" className="ring" />
          <circle cx="60" cy="60" r="52" className="ring left" pathLength={1} strokeDasharray={`${left.part} 1`} transform="rotate(-90 60 60)" />
        </svg>
        <div role="timer" aria-label={`${left.seconds} ${t.offer.seconds}`}><b className={`num ${left.seconds > 99 ? 'long' : ''}`}>{left.seconds}</b><span>{t.offer.seconds}</span></div>
      </div>
      <h1 id="handover-title">{fill(h.by_dispatcher ? t.handover.askedByDispatcher : t.handover.asked, { name: h.giver.name })}</h1>
      {why ? (
        <div className="reasons">
          <h2>{t.offer.why}</h2>
          {(Object.keys(t.offer.reasons) as (keyof typeof t.offer.reasons)[]).map((r) => (
            <button key={r} className="reason" disabled={busy} onClick={() => void answer(() => decline(h, t.offer.reasons[r]))} data-testid={`handover-no-${r}`}>{t.offer.reasons[r]}</button>
          ))}
        </div>
      ) : (
        <>
          {h.reason && <p className="dim centered">{h.reason}</p>}
          <div className="sums">
            <div><span>{t.offer.pay}</span><b className="num">{sum(h.orders.map((o) => o.pay), (a, c) => money(a, c, lang)) || t.offer.noPay}</b></div>
            <div><span>{t.handover.detour}</span><b className="num">{h.detour_m === null ? '–' : distance(h.detour_m)}</b></div>
            <div><span>{t.offer.route}</span><b className="num">{h.stops.length}</b></div>
          </div>
          {meets && <p className="dim centered">{t.handover.meetFirst}</p>}
          <ul className="legs">
            {h.orders.map((o) => (
              <li key={o.id}>
                <div className="row"><IconBuildingStore size={24} aria-hidden /><b className="grow clip">{o.store_name}</b></div>
                <div className="row"><IconMapPin size={24} aria-hidden /><span className="grow">{t.offer.dropoff}</span><b className="num">{fill(t.offer.by, { time: timeOf(o.promise_at) })}</b></div>
              </li>
            ))}
          </ul>
          {done && <p className="dim centered">{fill(t.offer.done, { time: timeOf(done) })}</p>}
        </>
      )}
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{t.handover.refusal[wrong]}</p>}
        <div className="answer">
          <Big tone="plain" step={`no${why}`} onClick={() => setWhy(!why)} data-testid="handover-decline">{why ? t.offer.back : t.offer.decline}</Big>
          {!why && <Big tone="good" step={h.id} disabled={busy} onClick={() => void answer(() => accept(h))} data-testid="handover-accept">{t.handover.accept}</Big>}
        </div>
      </div>
    </div>
  )
}
