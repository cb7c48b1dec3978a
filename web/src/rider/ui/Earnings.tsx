import { useCallback, useEffect, useState } from 'react'
import { money } from '../../lib/format'
import type { Earnings as Earned } from '../api'
import { get, put } from '../db'
import { SignedOut, Unreachable } from '../queue/outcome'
import { call } from '../session'
import { useRider } from '../state'
import { fill, useLang, useWords } from '../words'
import { Acceptance } from './Acceptance'
import { Later, Report, Statements } from './later'

export function Earnings() {
  const t = useWords()
  const lang = useLang()
  const [earned, setEarned] = useState<Earned | undefined>()
  const [old, setOld] = useState(false)
  const [statements, setStatements] = useState(false)
  const [report, setReport] = useState(false)
  const delivered = useRider((s) => s.me?.shift?.delivered)
  const readAgain = useCallback(async () => {
    try {
      const a = await call('GET', '/v1/rider/earnings')
      if (!a.ok) throw new Unreachable()
      setEarned(a.body as Earned)
      setOld(false)
      await put('earnings', a.body)
    } catch (e) {
      if (e instanceof SignedOut) useRider.setState({ session: null, ended: true })
      else if (!(e instanceof Unreachable)) throw e
      setEarned(await get<Earned>('earnings'))
      setOld(true)
    }
  }, [])
  useEffect(() => void readAgain(), [readAgain, delivered])
  return (
    <section className="center" data-testid="earnings">
      <h1>{t.earnings.title}</h1>
      {earned?.earned.map((e) => (
        <div key={e.currency} className="earned"><b className="num">{money(e.amount, e.currency, lang)}</b><span>{fill(t.earnings.orders, { n: e.orders })}</span></div>
      ))}
      {earned?.earned.length === 0 && <p className="lead">{t.earnings.none}</p>}
      <p className="dim">{old ? t.earnings.old : t.earnings.hint}</p>
      <button className="quiet" onClick={() => void readAgain()}>{t.earnings.refresh}</button>
      <button className="small" onClick={() => setStatements(true)} data-testid="statements-open">{t.statements.title}</button>
      {statements && <Later><Statements onClose={() => setStatements(false)} /></Later>}
      <Acceptance />
      <button className="small" onClick={() => setReport(true)} data-testid="report-open">{t.report.open}</button>
      {report && <Later><Report onClose={() => setReport(false)} /></Later>}
    </section>
  )
}
