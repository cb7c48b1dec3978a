import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconCurrentLocation, IconPhone, IconTransfer } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import * as api from '../api/console'
import type { RiderDetail, RiderRow } from '../api/types'
import { age } from '../lib/age'
import { clockTime, countdown, shortId, signedMinutes } from '../lib/format'
import { useNow } from '../lib/hooks'
import { BandIcon, PresenceIcon, VehicleIcon } from '../lib/Marks'
import { tracks, useLive } from '../live/store'
import { standing } from '../queue/bands'
import { useMayAct, useTimeZone } from '../shell/session'
import { select, useUi } from '../ui'
import { first } from './handover'
import { HandoverDialog } from './HandoverDialog'
import { Handovers } from './Handovers'
import { Close, Failed, Loading, Section } from './Parts'
import { Route } from './Route'

export function RiderPanel({ id }: { id: string }) {
  const row = useLive((s) => s.riders.get(id))
  const q = useQuery({ queryKey: ['rider', id], queryFn: ({ signal }) => api.rider(id, signal), refetchInterval: 30_000 })
  const { refetch } = q
  const seen = useRef(row)
  useEffect(() => {
    if (seen.current === row) return
    seen.current = row
    void refetch()
  }, [row, refetch])
  if (q.data) return <Loaded detail={q.data} row={row} />
  if (q.error) return <Failed error={q.error} retry={() => void q.refetch()} />
  return <Loading />
}

function Loaded({ detail: d, row }: { detail: RiderDetail; row: RiderRow | undefined }) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const nowMs = useNow()
  const following = useUi((s) => s.following)
  const may = useMayAct()
  const dialog = useUi((s) => s.dialog)
  const all = useLive((s) => s.orders)
  const give = first(all.values(), d.rider.id)
  const presence = row?.presence ?? d.presence
  const at = (iso: string) => clockTime(Date.parse(iso), zone)
  const fixAt = Math.max(tracks.all.get(d.rider.id)?.fixAt ?? 0, d.position ? Date.parse(d.position.at) : 0)
  const ids = row?.orders ?? [...new Set(d.plan.stops.map((p) => p.order_id))]
  const open = d.offers.filter((o) => o.state === 'open')
  return (
    <div className="detail" data-testid="rider-detail">
      <div className="detail-head">
        <div className="detail-title">
          <div className="grow">
            <div className="row" style={{ marginBottom: 4 }}>
              <span className="badge band-ok"><PresenceIcon presence={presence} size={13} />{t(`presence.${presence}`)}</span>
              <span className="dim row" style={{ gap: 4 }}><VehicleIcon vehicle={d.rider.vehicle} />{t(`vehicle.${d.rider.vehicle}`)}</span>
            </div>
            <h2 className="clip">{d.rider.name}</h2>
            {d.rider.phone && <a href={`tel:${d.rider.phone}`} style={{ color: 'var(--accent)' }}><IconPhone size={13} style={{ verticalAlign: '-2px' }} /> {d.rider.phone}</a>}
          </div>
          <Close />
        </div>
        <div className="times" style={{ gridTemplateColumns: '1fr 1fr 1fr' }}>
          <div><div className="times-label">{t('rider.load')}</div><div className="times-value">{t('rider.loadOf', { n: ids.length, max: d.rider.max_orders })}</div></div>
          <div><div className="times-label">{t('rider.delivered')}</div><div className="times-value">{d.shift?.delivered ?? '–'}</div></div>
          <div><div className="times-label">{t('rider.position')}</div><div className="times-value" style={{ fontSize: 15, lineHeight: '24px' }}>{fixAt ? t('rider.ago', { age: age(t, nowMs - fixAt) }) : '–'}</div></div>
        </div>
        {presence !== 'offline' && (
          <div className="actions">
            <Button size="xs" variant={following === d.rider.id ? 'light' : 'default'} leftSection={<IconCurrentLocation size={16} />} rightSection={<kbd className="key">F</kbd>}
              aria-pressed={following === d.rider.id} onClick={() => useUi.setState({ following: following === d.rider.id ? '' : d.rider.id })}>
              {t(following === d.rider.id ? 'action.unfollow' : 'action.follow')}
            </Button>
            {give && may.role && (
              <Button size="xs" variant="default" disabled={!may.fresh} leftSection={<IconTransfer size={16} />} rightSection={<kbd className="key">H</kbd>}
                onClick={() => useUi.setState({ dialog: 'handover' })} data-testid="hand-over">{t('handover.button')}</Button>
            )}
          </div>
        )}
      </div>
      <div className="detail-scroll" tabIndex={0} role="region" aria-label={d.rider.name}>
        <Handovers of={{ rider: d.rider.id, zone: d.shift?.zone_id ?? d.rider.zone_id }} version={d.plan.version} />
        {open.map((o) => (
          <Section key={o.id} title={t('rider.offer')} aside={t(o.seen_at ? 'rider.seen' : 'rider.notSeen')}>
            <div className="num">{t('rider.offerText', { made: at(o.made_at), expires: at(o.expires_at) })}</div>
            {o.order_ids.map((id) => <OrderLink key={id} id={id} nowMs={nowMs} />)}
          </Section>
        ))}
        <Section title={t('rider.route')}>
          {row && row.stops.length > 0 ? <Route stops={row.stops} /> : d.plan.stops.length > 0 && !row ? <Route stops={d.plan.stops} /> : <div className="dim">{t('rider.idle')}</div>}
        </Section>
        {ids.length > 0 && (
          <Section title={t('rider.orders')}>
            {ids.map((id) => <OrderLink key={id} id={id} nowMs={nowMs} known={all.has(id)} />)}
          </Section>
        )}
        <Section title={t('rider.shift')}>
          <dl className="facts">
            <dt>{t('rider.shift')}</dt>
            <dd className="num">{d.shift ? t('rider.shiftRange', { from: at(d.shift.started_at), to: at(d.shift.ends_at) }) : t('rider.noShift')}</dd>
            <dt>{t('rider.capacity')}</dt><dd className="num">{d.rider.capacity}</dd>
            {(d.rider.skills ?? []).length > 0 && <><dt>{t('rider.skills')}</dt><dd>{d.rider.skills.join(', ')}</dd></>}
          </dl>
          <p><Link href={`/reports/${d.rider.id}`} style={{ color: 'var(--accent)' }} data-testid="report">{t('rider.report')}</Link></p>
        </Section>
      </div>
      {give && <HandoverDialog order={give} name={d.rider.name} opened={dialog === 'handover'} />}
    </div>
  )
}

function OrderLink({ id, nowMs, known = true }: { id: string; nowMs: number; known?: boolean }) {
  const { t } = useTranslation()
  const o = useLive((s) => s.orders.get(id))
  if (!o) return known ? null : <div className="dim">{shortId(id)}</div>
  const s = standing(o, nowMs)
  return (
    <button type="button" className={`stop band-${s.band}`} onClick={() => select({ kind: 'order', id }, { locate: true })}>
      <BandIcon band={s.band} size={16} />
      <span className="clip">{o.store_name} <span className="dim">· {t(`state.${o.state}`)}</span></span>
      <span className="num" style={{ color: s.band === 'ok' ? undefined : 'var(--band)' }}>
        {countdown(Date.parse(o.promise_at), nowMs)} <small className="dim">{s.estimated ? signedMinutes(s.latenessS) : ''}</small>
      </span>
    </button>
  )
}
