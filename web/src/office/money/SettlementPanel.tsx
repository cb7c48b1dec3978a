import { Button, CloseButton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { IconAdjustments, IconDownload } from '@tabler/icons-react'
import { useState } from 'react'
import { clockTime, money, shortId } from '../../lib/format'
import { useSession, useTimeZone } from '../../shell/session'
import * as api from '../api'
import { dayIn, showDay } from '../days'
import { Failed } from '../Parts'
import { useOffice } from '../words'
import { AdjustDialog } from './AdjustDialog'

// SettlementPanel is one settlement with its lines, the oldest first.
export function SettlementPanel({ settlement: s, onClose }: { settlement: api.Settlement; onClose(): void }) {
  const { t, i18n } = useOffice()
  const { user } = useSession()
  const timeZone = useTimeZone()
  const may = user.role === 'admin' || user.role === 'finance'
  const [adjusting, setAdjusting] = useState(false)
  const q = useInfiniteQuery({
    queryKey: ['settlement-lines', s.id], initialPageParam: '', staleTime: Infinity, // a closed day does not change
    queryFn: ({ pageParam, signal }) => api.lines(s.id, pageParam, signal), getNextPageParam: (p) => p.next_cursor || undefined,
  })
  const lines = (q.data?.pages ?? []).flatMap((p) => p.data)
  const closed = Date.parse(s.closed_at)
  return (
    <>
      <div className="side-head">
        <div className="grow">
          <h2>{s.name}</h2>
          <div className="num">{t(s.account === 'merchant' ? 'money.merchantOne' : 'money.riderOne')} · {showDay(s.day, i18n.language, true)}</div>
          <div className="side-total num"><span className="dim">{t(s.account === 'merchant' ? 'money.owes' : 'money.isOwed')}</span> <b data-testid="total">{money(s.total, s.currency, i18n.language)}</b></div>
          <div className="dim num">{t('money.closed', { at: `${showDay(dayIn(closed, timeZone), i18n.language)} ${clockTime(closed, timeZone)}` })}</div>
        </div>
        <CloseButton onClick={onClose} aria-label={t('keys.close')} />
      </div>
      <div className="side-form">
        <Button component="a" href={api.csvOf(s.id)} download size="xs" variant="default" leftSection={<IconDownload size={15} />} data-testid="csv">{t('money.csv')}</Button>
        {may ? <Button size="xs" variant="default" leftSection={<IconAdjustments size={15} />} onClick={() => setAdjusting(true)} data-testid="adjust">{t('money.adjust')}</Button> : <span className="dim">{t('money.financeOnly')}</span>}
      </div>
      {q.error && <Failed retry={() => void q.refetch()} />}
      <ol className="ledger">
        {lines.map((l, i) => {
          const at = Date.parse(l.at)
          const bonus = l.term === 'peak' || l.term === 'long_distance' || l.term === 'rain' ? t(`money.term.${l.term}`) : ''
          return (
            <li key={l.transaction_id + i} data-testid="line">
              <span className="num dim">{clockTime(at, timeZone)}</span>
              <span className="grow">{t(`money.line.${l.kind}`)}{bonus && `${i18n.language === 'zh' ? '，' : ', '}${bonus}`}{l.term_name && ` · ${l.term_name}`}{l.order_id && <span className="num dim"> {l.external_id || shortId(l.order_id)}</span>}{l.reason && <span className="why">{l.reason}</span>}</span>
              <b className="num">{money(l.amount, s.currency, i18n.language)}</b>
            </li>
          )
        })}
      </ol>
      {q.hasNextPage && <div className="side-form"><Button size="xs" variant="default" loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t('more')}</Button></div>}
      {adjusting && <AdjustDialog settlement={s} onClose={() => setAdjusting(false)} />}
    </>
  )
}
