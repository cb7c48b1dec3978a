import { useState } from 'react'
import { distance, money } from '../../lib/format'
import type { PooledLot } from '../api'
import { claim, type Refusal } from '../live/pool'
import { useRider } from '../state'
import { claimOf, lostOf } from '../work/pool'
import { fill, useLang, useWords } from '../words'
import { useNow } from './hooks'
import { sum, timeOf } from './text'

// Pool is what riders nearby may claim, with what comes of it. It is not shown where there is no network: it would be old.
export function Pool() {
  const t = useWords()
  const lang = useLang()
  const now = useNow()
  const pool = useRider((s) => s.pool)
  const claims = useRider((s) => s.claims)
  const offline = useRider((s) => s.link === 'offline')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Refusal | null>(null)
  const lost = lostOf(claims, now)
  if (offline || (!pool.length && !lost.length && !wrong)) return null
  const take = async (lot: PooledLot) => {
    setBusy(true)
    setWrong(await claim(lot))
    setBusy(false)
  }
  return (
    <div className="slots pool" data-testid="pool">
      <h2>{t.pool.title}</h2>
      {wrong && <p className="wrong" role="alert">{t.pool.refusal[wrong]}</p>}
      {lost.map((c) => <p key={c.order_id} className="note" role="status">{c.reason === 'taken' ? t.pool.refusal.taken : t.pool.refusal.refused}</p>)}
      <ul>
        {pool.map((lot) => {
          const open = claimOf(lot, claims)
          return (
            <li key={lot.order_ids[0]} className={open ? 'mine' : ''}>
              <div className="grow">
                <b>{sum(lot.orders.map((o) => o.pay), (a, c) => money(a, c, lang)) || t.offer.noPay}</b>
                <span>{[...new Set(lot.orders.map((o) => o.store_name))].join(', ')}{lot.orders.length > 1 && ` × ${lot.orders.length}`}</span>
                <span className="dim">{fill(t.pool.way, { away: distance(lot.distance_m), ride: distance(lot.ride_m), time: timeOf(lot.dropoff_at) })}</span>
              </div>
              {open
                ? <b role="status">{fill(t.pool.deciding, { n: Math.max(0, Math.ceil((Date.parse(open.decides_at ?? open.at) - now) / 1000)) })}</b>
                : <button className="small small-go" disabled={busy} onClick={() => void take(lot)} data-testid="claim">{t.pool.claim}</button>}
            </li>
          )
        })}
      </ul>
      <p className="dim">{t.pool.fair}</p>
    </div>
  )
}
