import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconChevronLeft, IconChevronRight, IconDownload, IconPrinter } from '@tabler/icons-react'
import { useState } from 'react'
import { Link } from 'wouter'
import * as console_ from '../../api/console'
import { now } from '../../live/store'
import { monthName, monthOf } from '../../report/rows'
import { ReportBody } from '../../report/ReportBody'
import { wordsOf } from '../../report/words'
import { useTimeZone } from '../../shell/session'
import * as api from '../api'
import { dayIn } from '../days'
import { useKeys } from '../keys'
import { useOffice } from '../words'

// RiderReport is a rider's month as the rider reads it, for whoever has to answer the rider's questions: to print, or as data.
export function RiderReport({ id }: { id: string }) {
  const { t, i18n } = useOffice()
  const w = wordsOf(i18n.language)
  const newest = dayIn(now(), useTimeZone()).slice(0, 7)
  const [back, setBack] = useState(0)
  const month = monthOf(newest, -back)
  const rider = useQuery({ queryKey: ['rider', id], queryFn: ({ signal }) => console_.rider(id, signal), retry: 1 })
  const report = useQuery({ queryKey: ['report', id, month], queryFn: ({ signal }) => api.report(id, month, signal), retry: 1 })
  const later = () => setBack((b) => Math.max(0, b - 1))
  useKeys({ '[': () => setBack((b) => b + 1), ']': later })
  const name = rider.data?.rider.name ?? ''
  return (
    <main className="office-main report-page">
      <div className="office-bar">
        <h1 className="clip">{w.title}{name && <> · <Link href={`/riders/${id}`}>{name}</Link></>}</h1>
        <span className="grow" />
        <ActionIcon variant="default" size={30} aria-label={w.earlier} onClick={() => setBack(back + 1)} data-testid="month-before"><IconChevronLeft size={17} /></ActionIcon>
        <b className="num week" data-testid="month">{monthName(month, i18n.language)}</b>
        <ActionIcon variant="default" size={30} aria-label={w.later} disabled={back === 0} onClick={later}><IconChevronRight size={17} /></ActionIcon>
        <Button size="xs" variant="default" leftSection={<IconPrinter size={16} />} disabled={!report.data} onClick={() => window.print()} data-testid="print">{t('report.print')}</Button>
        <Button size="xs" variant="default" component="a" href={api.reportOf(id, month)} download={`report-${id}-${month}.json`} leftSection={<IconDownload size={16} />} data-testid="json">JSON</Button>
      </div>
      <p className="dim office-hint">{t('report.hint', { name: name || t('money.riderOne') })}</p>
      {report.error && <div className="side-wrong" role="alert">{t('failed')} <Button size="compact-xs" variant="default" onClick={() => void report.refetch()}>{t('again')}</Button></div>}
      {report.data && <ReportBody report={report.data} lang={i18n.language} />}
    </main>
  )
}
