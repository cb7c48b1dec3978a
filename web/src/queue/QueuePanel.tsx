import { Button, CloseButton, TextInput } from '@mantine/core'
import { IconCircleCheck, IconSearch } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { RiderRow } from '../api/types'
import { BandIcon, PresenceIcon } from '../lib/Marks'
import { useLive } from '../live/store'
import { useUi } from '../ui'
import { bands, type Band } from './bands'
import type { BandCounts, Queued } from './order-queue'
import { OrderItem } from './OrderItem'
import { presences, type PresenceCounts } from './rider-list'
import { RiderItem } from './RiderItem'
import { VirtualList } from './VirtualList'
import './queue.css'

interface Props {
  queue: { rows: Queued[]; counts: BandCounts }
  list: { rows: RiderRow[]; counts: PresenceCounts }
  total: number
}

export function QueuePanel({ queue, list, total }: Props) {
  const { t } = useTranslation()
  const tab = useUi((s) => s.tab)
  const text = useUi((s) => (s.tab === 'orders' ? s.orderText : s.riderText))
  const setText = (v: string) => useUi.setState(tab === 'orders' ? { orderText: v } : { riderText: v })
  const exceptions = queue.counts.late + queue.counts.risk + queue.counts.waiting
  const on = list.counts.idle + list.counts.working + list.counts.stale
  const label = t(tab === 'orders' ? 'queue.searchOrders' : 'queue.searchRiders')
  return (
    <>
      <div className="queue-head">
        <div className="tabs" role="tablist">
          {(['orders', 'riders'] as const).map((k) => (
            <button key={k} type="button" role="tab" id={`tab-${k}`} aria-controls="queue-list" className="tab" aria-selected={tab === k}
              onClick={() => useUi.setState({ tab: k })} data-testid={`tab-${k}`}>
              {t(`queue.${k}`)}<span className="num">{k === 'orders' ? exceptions : on}</span>
            </button>
          ))}
        </div>
        <TextInput data-search aria-label={label} placeholder={label} size="xs" value={text} leftSection={<IconSearch size={15} />}
          onChange={(e) => setText(e.currentTarget.value)} spellCheck={false}
          rightSection={text ? <CloseButton size="xs" aria-label={t('queue.clear')} onClick={() => setText('')} /> : <kbd className="key" aria-hidden>/</kbd>} />
        {tab === 'orders' ? <BandChips counts={queue.counts} /> : <PresenceChips counts={list.counts} />}
      </div>
      {tab === 'orders' ? <Orders rows={queue.rows} counts={queue.counts} total={total} text={text} /> : <Riders rows={list.rows} any={on > 0} />}
    </>
  )
}

function BandChips({ counts }: { counts: BandCounts }) {
  const { t } = useTranslation()
  const shown = useUi((s) => s.bands)
  const toggle = (b: Band, alone: boolean) => {
    const next = new Set(alone ? [] : shown)
    if (!alone && next.has(b)) next.delete(b)
    else next.add(b)
    useUi.setState({ bands: next })
  }
  return (
    <div className="chips" role="group" aria-label={t('queue.filter')}>
      {bands.map((b) => (
        <button key={b} type="button" className={`chip band-${b}`} aria-pressed={shown.has(b)} data-testid={`band-${b}`}
          onClick={() => toggle(b, false)} onDoubleClick={() => toggle(b, true)}>
          <BandIcon band={b} size={13} />{t(`band.${b}`)}<span className="num">{counts[b]}</span>
        </button>
      ))}
    </div>
  )
}

function PresenceChips({ counts }: { counts: PresenceCounts }) {
  const { t } = useTranslation()
  const shown = useUi((s) => s.presences)
  return (
    <div className="chips" role="group" aria-label={t('queue.filterRiders')}>
      {presences.filter((p) => p !== 'offline' || counts.offline > 0).map((p) => (
        <button key={p} type="button" className="chip band-ok" aria-pressed={shown.has(p)}
          onClick={() => {
            const next = new Set(shown)
            if (!next.delete(p)) next.add(p)
            useUi.setState({ presences: next })
          }}>
          <PresenceIcon presence={p} size={13} />{t(`presence.${p}`)}<span className="num">{counts[p]}</span>
        </button>
      ))}
    </div>
  )
}

function Orders({ rows, counts, total, text }: { rows: Queued[]; counts: BandCounts; total: number; text: string }) {
  const { t } = useTranslation()
  const has = useLive((s) => s.hasSnapshot)
  const selected = useUi((s) => s.selected?.id)
  if (!has) return <div className="calm">{t('link.connecting')}</div>
  if (!rows.length) {
    return (
      <div className="calm">
        {text ? t('queue.noMatch', { text }) : total === 0 ? t('queue.empty') : (
          <>
            <IconCircleCheck size={34} color="var(--good)" stroke={1.6} />
            <b>{t('queue.calm')}</b>
            <span>{t('queue.calmMore', { n: counts.ok })}</span>
            {counts.ok > 0 && (
              <Button mt="xs" size="xs" variant="default" onClick={() => useUi.setState({ bands: new Set<Band>(['late', 'risk', 'waiting', 'ok']) })}>
                {t('queue.showAll')}
              </Button>
            )}
          </>
        )}
      </div>
    )
  }
  return (
    <VirtualList label={t('queue.orders')} count={rows.length} chosen={rows.findIndex((r) => r.order.id === selected)}
      keyOf={(i) => rows[i]!.order.id} render={(i, props) => <OrderItem queued={rows[i]!} {...props} />} />
  )
}

function Riders({ rows, any }: { rows: RiderRow[]; any: boolean }) {
  const { t } = useTranslation()
  const selected = useUi((s) => s.selected?.id)
  if (!rows.length) return <div className="calm">{t(any ? 'queue.noRiders' : 'queue.noRidersAll')}</div>
  return (
    <VirtualList label={t('queue.riders')} count={rows.length} chosen={rows.findIndex((r) => r.id === selected)}
      keyOf={(i) => rows[i]!.id} render={(i, props) => <RiderItem rider={rows[i]!} {...props} />} />
  )
}
