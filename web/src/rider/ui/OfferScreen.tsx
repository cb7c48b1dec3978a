import { IconBuildingStore, IconMapPin } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { distance, money } from '../../lib/format'
import type { Offer } from '../api'
import { metres } from '../gps/sieve'
import { act } from '../queue/post'
import { call } from '../session'
import { nowIso, useRider } from '../state'
import { uuid } from '../../lib/uuid'
import { fill, useLang, useWords } from '../words'
import { ring } from './ring'
import { Big } from './Big'
import { leftOf } from './countdown'
import { useNow, useWork } from './hooks'
import { sum, timeOf } from './text'

// OfferScreen covers everything else: it can't wait.
export function OfferScreen({ offer }: { offer: Offer }) {
  const t = useWords()
  const lang = useLang()
  const left = leftOf(offer, useNow(true))
  const sent = useRider((s) => s.waiting.some((a) => a.about === offer.id && a.kind === 'accept'))
  const plan = useWork().plan
  const [why, setWhy] = useState(false)
  const gone = left.seconds <= 0

  useEffect(() => { // a courtesy to the dispatcher; that it may get lost is in the nature of it
    void call('POST', `/v1/rider/offers/${offer.id}/seen`, { action_id: uuid(), at: nowIso() }).catch(() => undefined)
  }, [offer.id])
  useEffect(() => (sent || gone ? undefined : ring()), [sent, gone])
  if (gone) return null
  if (sent) { // what is on the plan already goes on meanwhile
    return <div className="sending" role="status" data-testid="sending"><b>{t.offer.sending} <span className="num">{left.seconds}</span></b><span>{t.offer.sendingHint}</span></div>
  }

  const stores = [...new Set(offer.orders.map((o) => o.store_name))].join(', ')
  const done = offer.stops.at(-1)?.arrive_at
  const pays = offer.orders.map((o) => o.pay)
  return (
    <div className="offer" role="dialog" aria-modal aria-labelledby="offer-title" data-testid="offer">
      <div className={`count ${left.hurry ? 'hurry' : ''}`}>
        <svg viewBox="0 0 120 120" aria-hidden>
          <circle cx="60" cy="60" r="52" className="ring" />
          <circle cx="60" cy="60" r="52" className="ring left" pathLength={1} strokeDasharray={`${left.part} 1`} transform="rotate(-90 60 60)" />
        </svg>
        <div role="timer" aria-label={`${left.seconds} ${t.offer.seconds}`}><b className="num" data-testid="seconds">{left.seconds}</b><span>{t.offer.seconds}</span></div>
      </div>
      <h1 id="offer-title">{offer.orders.length > 1 ? fill(t.offer.titleMany, { n: offer.orders.length }) : t.offer.title}</h1>
      {why ? (
        <div className="reasons">
          <h2>{t.offer.why}</h2>
          {(Object.keys(t.offer.reasons) as (keyof typeof t.offer.reasons)[]).map((r) => (
            <button key={r} className="reason" onClick={() => void act({ kind: 'decline', about: offer.id, name: stores, reason: r })} data-testid={`decline-${r}`}>{t.offer.reasons[r]}</button>
          ))}
        </div>
      ) : (
        <>
          <div className="sums">
            <div><span>{t.offer.pay}</span><b className="num" data-testid="pay">{sum(pays, (a, c) => money(a, c, lang)) || t.offer.noPay}</b></div>
            <div><span>{t.offer.toStore}</span><b className="num">{offer.distance_m === null ? '–' : distance(offer.distance_m)}</b></div>
            <div><span>{t.offer.route}</span><b className="num">{offer.stops.length}</b></div>
          </div>
          {plan.stops.length > 0 && <p className="dim centered">{t.offer.extra}</p>}
          <ul className="legs">
            {offer.orders.map((o) => (
              <li key={o.id}>
                <div className="row"><IconBuildingStore size={24} aria-hidden /><span className="sr">{t.offer.pickup}</span><b className="grow clip">{o.store_name}</b><span className="num">{fill(t.offer.readyAt, { time: timeOf(o.ready_estimate) })}</span></div>
                <div className="row"><IconMapPin size={24} aria-hidden /><span className="sr">{t.offer.dropoff}</span><span className="grow">{fill(t.offer.away, { distance: distance(metres(o.pickup, o.dropoff)) })}</span><b className="num">{fill(t.offer.by, { time: timeOf(o.promise_at) })}</b></div>
              </li>
            ))}
          </ul>
          {done && <p className="dim centered">{fill(t.offer.done, { time: timeOf(done) })}</p>}
        </>
      )}
      <div className="foot">
        <div className="answer">
          <Big tone="plain" step={`no${why}`} onClick={() => setWhy(!why)} data-testid="decline">{why ? t.offer.back : t.offer.decline}</Big>
          {!why && <Big tone="good" step={offer.id} onClick={() => void act({ kind: 'accept', about: offer.id, name: stores })} data-testid="accept">{t.offer.accept}</Big>}
        </div>
      </div>
    </div>
  )
}
