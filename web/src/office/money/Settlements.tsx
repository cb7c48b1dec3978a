import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTimeZone } from '../../shell/session'
import { money } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import * as api from '../api'
import { addDays, dayIn, showDay } from '../days'
import { step, useKeys } from '../keys'
import { Empty, Failed, Keys } from '../Parts'
import { useOffice } from '../words'
import { SettlementPanel } from './SettlementPanel'
import { sumsOf } from './sums'

// Settlements are the closed days of merchants and riders: what is owed, line by line, and the way to put it right.
export function Settlements() {
  const { t, i18n } = useOffice()
  const timeZone = useTimeZone()
  const now = useNow()
  const today = dayIn(now, timeZone)
  const [filter, setFilter] = useState<api.Filter>({ from: addDays(today, -7), to: today, account: '' })
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState('')
  const q = useInfiniteQuery({
    queryKey: ['settlements', filter], initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.settlements(filter, pageParam, signal), getNextPageParam: (p) => p.next_cursor || undefined,
  })
  const wanted = name.trim().toLowerCase()
  const rows = (q.data?.pages ?? []).flatMap((p) => p.data).filter((s) => s.name.toLowerCase().includes(wanted))
  const one = rows.find((s) => s.id === chosen)
  const move = (by: 1 | -1) => {
    const to = step(rows, one, by)
    if (!to) return
    setChosen(to.id)
    document.getElementById(to.id)?.scrollIntoView({ block: 'nearest' })
  }
  useKeys({ j: () => move(1), k: () => move(-1), Escape: () => setChosen(''), '/': () => document.querySelector<HTMLInputElement>('[name=find]')?.focus() })
  const show = (amount: number, currency: string) => money(amount, currency, i18n.language)
  return (
    <div className="office-body">
      <main className="office-main">
        <div className="office-bar">
          <h1>{t('money.title')}</h1>
          <span className="grow" />
          <Keys of={[[['J', 'K'], t('keys.move')], [['/'], t('money.find')], [['Esc'], t('keys.close')]]} />
        </div>
        <p className="dim office-hint">{t('money.hint')}</p>
        <div className="office-bar filters">
          <TextInput type="date" size="xs" label={t('money.from')} value={filter.from} max={filter.to} onChange={(e) => setFilter({ ...filter, from: e.currentTarget.value })} data-testid="from" />
          <TextInput type="date" size="xs" label={t('money.to')} value={filter.to} min={filter.from} onChange={(e) => setFilter({ ...filter, to: e.currentTarget.value })} />
          <TextInput name="find" size="xs" label={t('money.find')} value={name} onChange={(e) => setName(e.currentTarget.value)} data-testid="find" />
          <SegmentedControl size="xs" aria-label={t('money.account')} value={filter.account || 'all'} onChange={(v) => setFilter({ ...filter, account: v === 'all' ? '' : (v as 'merchant' | 'rider') })}
            data={(['all', 'merchant', 'rider'] as const).map((v) => ({ value: v, label: t(`money.${v}`) }))} data-testid="account" />
          <span className="grow" />
          <div className="sums num" data-testid="sums">{sumsOf(rows).map((s) => <span key={`${s.account}${s.currency}`}><span className="dim">{t(s.account === 'merchant' ? 'money.merchantsOwe' : 'money.ridersGet')}</span> <b>{show(s.total, s.currency)}</b></span>)}</div>
        </div>
        {q.error ? <Failed retry={() => void q.refetch()} /> : rows.length === 0 && !q.isPending ? <Empty title={t('money.none')} /> : (
          <table className="office-table pickable">
            <thead><tr><th>{t('money.day')}</th><th>{t('money.name')}</th><th>{t('money.kind')}</th><th className="end">{t('money.lines')}</th><th className="end">{t('money.total')}</th></tr></thead>
            <tbody>
              {rows.map((s) => (
                <tr key={s.id} id={s.id} aria-selected={s === one} onClick={() => setChosen(s.id)} data-testid="settlement">
                  <td className="num">{showDay(s.day, i18n.language, true)}</td>
                  <td><button type="button" className="plain" onClick={() => setChosen(s.id)}><b>{s.name}</b></button></td>
                  <td>{t(s.account === 'merchant' ? 'money.merchantOne' : 'money.riderOne')}</td>
                  <td className="num end">{s.lines}</td>
                  <td className="num end"><span className="dim">{t(s.account === 'merchant' ? 'money.owes' : 'money.isOwed')}</span> <b>{show(s.total, s.currency)}</b></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {q.hasNextPage && <div className="office-bar"><Button size="xs" variant="default" loading={q.isFetchingNextPage} onClick={() => void q.fetchNextPage()}>{t('more')}</Button><span className="dim">{t('money.loadMore')}</span></div>}
      </main>
      <aside className="office-side" aria-label={t('money.lines')}>
        {one ? <SettlementPanel key={one.id} settlement={one} onClose={() => setChosen('')} /> : <Empty title={t('money.pick')} />}
      </aside>
    </div>
  )
}
