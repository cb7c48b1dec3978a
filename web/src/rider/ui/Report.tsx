import { useCallback, useEffect, useState } from 'react'
import { monthName, monthOf, type Report as Told } from '../../report/rows'
import { ReportBody } from '../../report/ReportBody'
import { wordsOf } from '../../report/words'
import type { Earnings } from '../api'
import { get, put } from '../db'
import { ask } from '../live/ask'
import { useRider } from '../state'
import { fill, useLang, useWords } from '../words'
import { Cover } from './Cover'

// Report is how automated decisions went in a month, and why. Without a network it is the last one that was read.
export function Report({ onClose }: { onClose(): void }) {
  const t = useWords()
  const lang = useLang()
  const w = wordsOf(lang)
  const [newest, setNewest] = useState('') // the company's month
  const [month, setMonth] = useState('')
  const [told, setTold] = useState<Told>()
  const [old, setOld] = useState(false)
  const read = useCallback(async () => {
    const day = month ? undefined : await ask<Earnings>('GET', '/v1/rider/earnings')
    const which = month || (day && 'got' in day ? day.got.day.slice(0, 7) : '')
    const a = which ? await ask<Told>('GET', `/v1/rider/reports/${which}`) : { unreachable: true as const }
    setOld(!('got' in a))
    if ('got' in a) {
      setTold(a.got)
      await put('report', a.got)
    } else {
      const last = await get<Told>('report')
      setTold(last?.rider_id === useRider.getState().session?.rider.id ? last : undefined) // the phone may have been another's
    }
    if (!month && which) {
      setNewest(which)
      setMonth(which)
    }
  }, [month])
  useEffect(() => void read(), [read])
  const at = told && (old || told.month === month) ? told : undefined
  return (
    <Cover name="report" title={w.title} onClose={onClose} foot={old && <p className="wrong" role="alert">{at ? fill(t.report.old, { month: monthName(at.month, lang) }) : t.report.failed}</p>}>
      {month && (
        <div className="row pager">
          <button className="small" onClick={() => setMonth(monthOf(month, -1))} aria-label={w.earlier} data-testid="month-before">‹</button>
          <b className="grow centered num" data-testid="month">{monthName(month, lang)}</b>
          <button className="small" disabled={month >= newest} onClick={() => setMonth(monthOf(month, 1))} aria-label={w.later}>›</button>
        </div>
      )}
      {old && <button className="quiet" onClick={() => void read()}>{t.earnings.refresh}</button>}
      {at && <ReportBody report={at} lang={lang} />}
    </Cover>
  )
}
