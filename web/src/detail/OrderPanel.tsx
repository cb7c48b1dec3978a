import { ActionIcon, Button, Tooltip } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconBan, IconCurrentLocation, IconPhone, IconTransfer, IconUserMinus, IconUserPlus } from '@tabler/icons-react'
import { useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../api/console'
import type { OrderDetail, OrderFull, OrderRow } from '../api/types'
import { clockTime, countdown, money, shortId, signedMinutes } from '../lib/format'
import { useNow } from '../lib/hooks'
import { BandBadge, PresenceIcon, VehicleIcon } from '../lib/Marks'
import { useLive } from '../live/store'
import { assignable, cancellable, ended, isException, standing, unassignable, unassigned } from '../queue/bands'
import { useMayAct, useTimeZone } from '../shell/session'
import { select, useUi } from '../ui'
import { Candidates } from './Candidates'
import { CancelDialog, UnassignDialog } from './Dialogs'
import { givable } from './handover'
import { HandoverDialog } from './HandoverDialog'
import { Handovers } from './Handovers'
import { History } from './History'
import { Mates } from './Mates'
import { Close, Failed, Loading, Section } from './Parts'
import { Route } from './Route'
import { Why } from './Why'

export function OrderPanel({ id }: { id: string }) {
  const row = useLive((s) => s.orders.get(id))
  const open = row ? !ended(row.state) : false
  const q = useQuery({
    queryKey: ['order', id],
    queryFn: ({ signal }) => api.order(id, signal),
    // Candidates age even while nothing happens to the order.
    refetchInterval: open && row && assignable(row.state) ? 10_000 : 30_000,
  })
  const { refetch } = q
  // The stream says that something changed; the rest is read again.
  const version = row?.version
  const reason = row?.reason
  const seen = useRef({ version, reason })
  useEffect(() => {
    if (seen.current.version === version && seen.current.reason === reason) return
    seen.current = { version, reason }
    void refetch()
  }, [version, reason, refetch])

  if (q.data) return <Loaded detail={q.data} row={row} />
  if (q.error) return <Failed error={q.error} retry={() => void q.refetch()} />
  return <Loading />
}

// The stream's row is the freshest; without one (an order that ended long ago) the detail stands in.
function rowOf(o: OrderDetail['order'], row: OrderRow | undefined): OrderRow {
  if (row && row.version >= o.version) return row
  return {
    id: o.id, external_id: o.external_id, job_id: o.job_id, state: o.state, version: o.version, store_id: o.store_id, store_name: o.store_name, due_at: o.due_at,
    zone_id: o.zone_id, rider_id: o.rider?.id ?? '', offer_rider_id: row?.offer_rider_id ?? '', placed_at: o.placed_at, promise_at: o.promise_at,
    ready_estimate: o.ready_estimate, ready_at: o.ready_at, eta_at: o.eta_at, picked_up_at: o.picked_up_at, ended_at: o.ended_at,
    pickup: o.pickup.location, dropoff: o.dropoff.location, address: o.dropoff.address ?? '', reason: '', declines: 0,
  }
}

function Loaded({ detail, row: streamed }: { detail: OrderDetail; row: OrderRow | undefined }) {
  const { t, i18n } = useTranslation()
  const zone = useTimeZone()
  const may = useMayAct()
  const nowMs = useNow()
  const { order, events, plan, why } = detail
  const row = rowOf(order, streamed)
  const s = standing(row, nowMs)
  const hot = isException(s.band)
  const riderId = row.rider_id
  const rider = useLive((l) => l.riders.get(riderId))
  const asked = useLive((l) => l.riders.get(row.offer_rider_id))
  const following = useUi((u) => u.following)
  const dialog = useUi((u) => u.dialog)
  const storeName = order.store_name
  const canAssign = assignable(row.state)
  const over = ended(row.state)
  const locked = !may.fresh
  const at = (iso: string) => clockTime(Date.parse(iso), zone)

  // What is acted upon: the detail, at the newest version that this panel has shown.
  const target = useMemo<OrderFull>(() => ({ ...order, version: Math.max(order.version, row.version) }), [order, row.version])

  const candidatesAsked = useUi((u) => u.candidatesAsked)
  const asked0 = useRef(candidatesAsked)
  useEffect(() => {
    if (candidatesAsked === asked0.current) return
    asked0.current = candidatesAsked
    const el = document.getElementById('candidates')
    el?.scrollIntoView({ block: 'start', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
    el?.querySelector<HTMLButtonElement>('button[data-assign]')?.focus({ preventScroll: true })
  }, [candidatesAsked])

  const candidates = canAssign && may.role && (
    <Candidates order={target} row={row} candidates={why.candidates} locked={locked} />
  )
  return (
    <div className="detail" data-testid="order-detail" data-state={row.state} data-version={target.version}>
      <div className="detail-head">
        <div className="detail-title">
          <div className="grow">
            <div className="row" style={{ marginBottom: 4 }}>
              <BandBadge band={s.band} />
              <span className="dim num clip" title={order.external_id}>{t(`state.${row.state}`)} · {shortId(order.id)}{order.external_id && ` · ${order.external_id}`}</span>
            </div>
            <h2 className="clip" title={storeName}>{storeName}</h2>
            <div className="dim clip" title={order.dropoff.address}>{order.dropoff.address}</div>
          </div>
          <Close />
        </div>
        <div className={`times band-${s.band}`}>
          {over ? (
            <div>
              <div className="times-label">{t('detail.endedAt')}</div>
              <div className="times-value">{row.ended_at ? at(row.ended_at) : '–'}</div>
            </div>
          ) : (
            <div className={hot ? 'hot' : ''}>
              <div className="times-label">{t(Date.parse(row.promise_at) < nowMs ? 'detail.pastPromise' : 'detail.toPromise')}</div>
              <div className="times-value" data-testid="countdown">{countdown(Date.parse(row.promise_at), nowMs)}</div>
            </div>
          )}
          <div>
            <div className="times-label">{t('detail.promise')}</div>
            <div className="times-value">{at(row.promise_at)}</div>
          </div>
          <div>
            <div className="times-label">{t('detail.eta')}</div>
            <div className="times-value">
              {s.estimated && row.eta_at ? <>{clockTime(over ? Date.parse(row.eta_at) : Math.max(Date.parse(row.eta_at), nowMs), zone)}{!over && <small style={hot ? { color: 'var(--band)' } : undefined}>{signedMinutes(s.latenessS)}</small>}</> : <span className="dim" style={{ fontSize: 14 }}>{over ? '–' : t('detail.noEta')}</span>}
            </div>
          </div>
        </div>
        <Steps order={order} zone={zone} />
        {!may.role ? <div className="dim" style={{ marginTop: 10 }}>{t('detail.readOnly')}</div> : (canAssign || cancellable(row.state) || rider) && !over && (
          <div className="actions">
            {canAssign && (
              <Button size="xs" disabled={locked} leftSection={<IconUserPlus size={16} />} rightSection={<kbd className="key">A</kbd>}
                onClick={() => useUi.setState((u) => ({ candidatesAsked: u.candidatesAsked + 1 }))} data-testid="assign">
                {t(riderId ? 'action.reassign' : 'action.assign')}
              </Button>
            )}
            {unassignable(row.state) && (
              <Button size="xs" variant="default" disabled={locked} leftSection={<IconUserMinus size={16} />} rightSection={<kbd className="key">U</kbd>}
                onClick={() => useUi.setState({ dialog: 'unassign' })} data-testid="unassign">{t('action.unassign')}</Button>
            )}
            {riderId && givable(row.state) && (
              <Tooltip label={`${t('handover.button')}  H`}>
                <ActionIcon size={30} variant="default" disabled={locked} aria-label={t('handover.button')} onClick={() => useUi.setState({ dialog: 'handover' })} data-testid="hand-over"><IconTransfer size={17} /></ActionIcon>
              </Tooltip>
            )}
            {riderId && (
              <Tooltip label={`${t(following === riderId ? 'action.unfollow' : 'action.follow')}  F`}>
                <ActionIcon size={30} variant={following === riderId ? 'light' : 'default'} aria-pressed={following === riderId} aria-label={t('action.follow')}
                  onClick={() => useUi.setState({ following: following === riderId ? '' : riderId })}><IconCurrentLocation size={17} /></ActionIcon>
              </Tooltip>
            )}
            {cancellable(row.state) && (
              <Tooltip label={t('action.cancel')}>
                <ActionIcon size={30} variant="default" c={locked ? undefined : 'var(--late)'} disabled={locked} aria-label={t('action.cancel')} style={{ marginInlineStart: 'auto' }}
                  onClick={() => useUi.setState({ dialog: 'cancel' })} data-testid="cancel"><IconBan size={17} /></ActionIcon>
              </Tooltip>
            )}
          </div>
        )}
      </div>
      <div className="detail-scroll" tabIndex={0} role="region" aria-label={t('detail.order', { id: shortId(order.id) })}>
        {unassigned(row.state) && <Why detail={detail} row={row} />}
        {unassigned(row.state) && candidates}
        {riderId && !over && <Handovers of={{ order: order.id }} version={row.version} />}
        {riderId && !over && (
          <Section title={t('detail.route', { name: rider?.name ?? order.rider?.name ?? '' })}
            aside={rider && (
              <button type="button" className="plain row" style={{ gap: 4 }} onClick={() => select({ kind: 'rider', id: rider.id }, { locate: true })}>
                <PresenceIcon presence={rider.presence} size={13} /> {t(`presence.${rider.presence}`)} <VehicleIcon vehicle={rider.vehicle} />
              </button>
            )}>
            <Route stops={rider?.stops ?? plan} mine={order.id} />
          </Section>
        )}
        {!unassigned(row.state) && <Why detail={detail} row={row} />}
        {!unassigned(row.state) && candidates}
        <Section title={t('detail.dropoff')}>
          <dl className="facts">
            {order.cancel && <><dt>{t('state.cancelled')}</dt><dd>{cancelText(t, order.cancel)}</dd></>}
            {order.dropoff.contact_name && (
              <>
                <dt>{t('detail.customer')}</dt>
                <dd>{order.dropoff.contact_name}{order.dropoff.contact_phone && (
                  <> · <a href={`tel:${order.dropoff.contact_phone}`} style={{ color: 'var(--accent)', whiteSpace: 'nowrap' }} aria-label={t('detail.callCustomer')}><IconPhone size={13} style={{ verticalAlign: '-2px' }} /> {order.dropoff.contact_phone}</a></>
                )}</dd>
              </>
            )}
            {order.dropoff.instructions && <><dt>{t('detail.instructions')}</dt><dd>{order.dropoff.instructions}</dd></>}
            <dt>{t('detail.ready')}</dt>
            <dd className="num">{row.ready_at ? t('detail.readyAt', { time: at(row.ready_at) }) : t('detail.readyExpected', { time: at(row.ready_estimate) })}</dd>
            {order.items.length > 0 && (
              <><dt>{t('detail.items')}</dt><dd>{order.items.map((i) => `${i.name} ×${i.quantity}`).join(', ')}{order.value && <span className="dim"> · {money(order.value.amount, order.value.currency, i18n.language)}</span>}</dd></>
            )}
            {order.job_id && <Mates order={order} />}
            {asked && <><dt>{t('state.offered')}</dt><dd>{t('detail.askedNow', { name: asked.name })}</dd></>}
          </dl>
        </Section>
        <History events={events} />
      </div>
      <UnassignDialog order={target} opened={dialog === 'unassign' && unassignable(row.state)} name={rider?.name ?? order.rider?.name ?? ''} />
      <HandoverDialog order={row} name={rider?.name ?? order.rider?.name ?? ''} opened={dialog === 'handover' && !!riderId && givable(row.state)} />
      <CancelDialog order={target} opened={dialog === 'cancel' && cancellable(row.state)} />
    </div>
  )
}

function cancelText(t: ReturnType<typeof useTranslation>['t'], c: { fault: string; reason: string }): string {
  const fault = t(`fault.${c.fault as 'customer'}`, { defaultValue: c.fault })
  const reason = t(`cancelReason.${c.reason as 'other'}`, { defaultValue: c.reason })
  return t('detail.cancelled', { fault, reason })
}

function Steps({ order: o, zone }: { order: OrderFull; zone: string }) {
  const { t } = useTranslation()
  const steps = [
    ['placed', o.placed_at], ['assigned', o.assigned_at], ['at_store', o.at_store_at], ['picked_up', o.picked_up_at],
    ['ended', o.state === 'delivered' ? o.ended_at : o.at_door_at],
  ] as const
  const last = steps.reduce((n, [, at], i) => (at ? i : n), 0)
  return (
    <ol className="steps">
      {steps.map(([name, at], i) => (
        <li key={name} className={`step${i <= last ? ' past' : ''}${i === last ? ' current' : ''}`}>
          <i aria-hidden />
          <span className="num">{at ? clockTime(Date.parse(at), zone) : ''}</span>
          {t(`detail.steps.${name}`)}
        </li>
      ))}
    </ol>
  )
}
