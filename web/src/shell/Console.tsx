import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconPlugConnectedX } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation, useSearch } from 'wouter'
import * as api from '../api/console'
import type { Session } from '../api/types'
import { Detail } from '../detail/Detail'
import { useThrottled, useNow } from '../lib/hooks'
import { age } from '../lib/age'
import { now, useLive, watch } from '../live/store'
import { orderQueue } from '../queue/order-queue'
import { QueuePanel } from '../queue/QueuePanel'
import { riderList } from '../queue/rider-list'
import { keep, keptZone, select, useUi } from '../ui'
import { SessionContext } from './session'
import { Alerts } from './Alerts'
import { Header } from './Header'
import { Help } from './Help'
import { useKeyboard } from './keyboard'
import { Splitter } from './Splitter'
import './shell.css'

const LiveMap = lazy(() => import('../map/LiveMap'))

export default function Console({ session }: { session: Session }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const settings = useQuery({ queryKey: ['settings'], queryFn: ({ signal }) => api.settings(signal), staleTime: Infinity })
  const zones = useQuery({ queryKey: ['zones'], queryFn: ({ signal }) => api.zones(signal), staleTime: 60_000 })
  const [, navigate] = useLocation()
  const search = useSearch()

  // The zone: of the link, or the last one, or the first.
  const wanted = new URLSearchParams(search).get('zone') ?? keptZone()
  const zone = zones.data?.find((z) => z.id === wanted) ?? zones.data?.[0]
  const zoneId = zone?.id ?? ''
  useEffect(() => {
    if (!zoneId) return
    keep('zone', zoneId)
    return watch(zoneId)
  }, [zoneId])

  const ended = useLive((s) => s.ended)
  useEffect(() => {
    if (!ended) return
    queries.setQueryData(['me'], null)
    queries.setQueryData(['ended'], true)
  }, [ended, queries])

  // The address follows the selection; the selection began with the address (ui.ts).
  const selected = useUi((s) => s.selected)
  useEffect(() => {
    const want = selected ? `/${selected.kind}s/${selected.id}` : '/'
    const query = zoneId ? `?zone=${zoneId}` : ''
    if (window.location.pathname !== want || window.location.search !== query) navigate(want + query, { replace: true })
  }, [selected, zoneId, navigate])

  const left = useUi((s) => s.left)
  const right = useUi((s) => s.right)
  const nowMs = useNow()
  const orders = useThrottled(useLive((s) => s.orders), 200)
  const riders = useThrottled(useLive((s) => s.riders), 300)
  const text = useUi((s) => s.orderText)
  const bands = useUi((s) => s.bands)
  const riderText = useUi((s) => s.riderText)
  const presences = useUi((s) => s.presences)
  const queue = useMemo(() => orderQueue(orders.values(), riders, { bands, text }, nowMs), [orders, riders, bands, text, nowMs])
  const list = useMemo(() => riderList(riders.values(), presences, riderText), [riders, presences, riderText])
  useKeyboard(queue.rows, list.rows)

  return (
    <SessionContext value={session}>
      <div className="console">
        <Header session={session} zones={zones.data ?? []} zone={zone} counts={queue.counts}
          onZone={(id) => { select(null); navigate(`/?zone=${id}`) }} />
        <div>
          <Alerts />
          <StaleBanner />
        </div>
        <div className="body">
          <section className="panel" style={{ width: left }} aria-label={t('queue.orders')}>
            <QueuePanel queue={queue} list={list} total={orders.size} />
          </section>
          <Splitter side="left" label={t('panel.left')} />
          <main className="centre">
            <Suspense fallback={null}>
              {settings.data && zone && <LiveMap key={zone.id} settings={settings.data} zone={zone} zones={zones.data ?? []} />}
            </Suspense>
          </main>
          <Splitter side="right" label={t('panel.right')} />
          <section className="panel" style={{ width: right }} aria-label={t('detail.none')}>
            <Detail />
          </section>
        </div>
        <Help />
      </div>
    </SessionContext>
  )
}

function StaleBanner() {
  const { t } = useTranslation()
  const link = useLive((s) => s.link)
  const has = useLive((s) => s.hasSnapshot)
  const heardAt = useLive((s) => s.heardAt)
  useNow()
  if (link !== 'stale' || !has) return null
  return (
    <div className="stale-banner" role="alert">
      <IconPlugConnectedX size={17} />
      <span className="num">{t('link.banner', { age: age(t, performance.now() - heardAt) })}</span>
    </div>
  )
}

// For tests and support: the server's time as this console believes it.
Object.assign(window, { __paidanNow: now })
