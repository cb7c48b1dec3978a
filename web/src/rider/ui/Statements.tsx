import { useCallback, useEffect, useState } from 'react'
import { money } from '../../lib/format'
import type { Earnings, Statement, StatementEntry } from '../api'
import { ask } from '../live/ask'
import { download } from '../live/download'
import { bonusesOf, monthOf, weekOf } from '../work/statement'
import { fill, useLang, useWords } from '../words'
import { Cover } from './Cover'
import { dateOf, dayOf, sum, timeOf } from './text'

// Statements are what was earned in a week or a month: the ledger's lines, so that every sum can be checked.
export function Statements({ onClose }: { onClose(): void }) {
  const t = useWords()
  const lang = useLang()
  const [by, setBy] = useState<'week' | 'month'>('week')
  const [back, setBack] = useState(0)
  const [today, setToday] = useState('') // the company's
  const [told, setTold] = useState<Statement>()
  const [wrong, setWrong] = useState(false)
  const days = today && (by === 'week' ? weekOf : monthOf)(today, back)
  const query = days && `from=${days.from}&to=${days.to}`
  const read = useCallback(async () => {
    const a = query ? await ask<Statement>('GET', `/v1/rider/statements?${query}`) : await ask<Earnings>('GET', '/v1/rider/earnings')
    setWrong(!('got' in a))
    if (!('got' in a)) return
    if ('day' in a.got) setToday(a.got.day)
    else setTold(a.got)
  }, [query])
  useEffect(() => void read(), [read])
  const show = (amount: number, currency: string) => money(amount, currency, lang)
  const at = told && days && told.from === days.from && told.to === days.to ? told : undefined
  return (
    <Cover name="statements" title={t.statements.title} onClose={onClose} foot={wrong && <p className="wrong" role="alert">{t.statements.failed}</p>}>
      <div className="segments" role="radiogroup" aria-label={t.statements.title}>
        {(['week', 'month'] as const).map((x) => <button key={x} role="radio" aria-checked={x === by} onClick={() => { setBy(x); setBack(0) }} data-testid={`by-${x}`}>{t.statements[x]}</button>)}
      </div>
      {days && (
        <div className="row pager">
          <button className="small" onClick={() => setBack(back + 1)} aria-label={t.statements.earlier} data-testid="earlier">‹</button>
          <b className="grow centered num">{dateOf(days.from, lang)} – {dateOf(days.to, lang)}</b>
          <button className="small" disabled={back === 0} onClick={() => setBack(back - 1)} aria-label={t.statements.later}>›</button>
        </div>
      )}
      {at && (
        <>
          <p className="earned centered"><b className="num" data-testid="statement-total">{sum(at.total, show) || '–'}</b><span>{fill(t.earnings.orders, { n: at.total.reduce((n, e) => n + e.orders, 0) })}</span></p>
          {at.days.length === 0 && <p className="dim centered">{t.statements.none}</p>}
          {at.days.map((d) => (
            <details key={d.day} className="day" open={at.days.length === 1}>
              <summary><span className="grow">{dayOf(d.day, lang)}</span><b className="num">{sum(d.total, show)}</b></summary>
              <ul>{d.entries.map((e, i) => <Line key={e.transaction_id + i} entry={e} show={show} />)}</ul>
            </details>
          ))}
          {at.days.length > 0 && <button className="quiet wide" onClick={() => void download(`/v1/rider/statements/csv?${query}`, `statement-${at.from}.csv`).then((ok) => setWrong(!ok))} data-testid="csv">{t.statements.csv}</button>}
        </>
      )}
    </Cover>
  )
}

function Line({ entry: e, show }: { entry: StatementEntry; show(amount: number, currency: string): string }) {
  const t = useWords()
  const bonuses = bonusesOf(e)
  return (
    <li>
      <div className="row top">
        <span className="num dim">{timeOf(e.at)}</span>
        <span className="grow">{t.statements.kind[e.kind]}{e.external_id && ` · ${e.external_id}`}{e.reason && `: ${e.reason}`}</span>
        <b className="num">{show(e.amount, e.currency)}</b>
      </div>
      {bonuses.map((b, i) => <div key={i} className="row term"><span className="grow">{b.term === 'pay' ? '' : t.statements.term[b.term]}{b.name && ` · ${b.name}`}</span><span className="num">{show(b.amount, e.currency)}</span></div>)}
    </li>
  )
}
