import { Button } from '@mantine/core'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderFull, OrderRow, Candidate as Ranked } from '../api/types'
import { clockTime, distance, minutes, signedMinutes } from '../lib/format'
import { VehicleIcon } from '../lib/Marks'
import { useLive } from '../live/store'
import { isEngineWord } from '../queue/reason'
import { pick } from '../shell/keyboard'
import { useTimeZone } from '../shell/session'
import { useUi } from '../ui'
import { useActions } from './actions'
import { extra, numbered, scaleOf } from './candidates'
import { CostBar } from './CostBar'
import { Fair } from './Fair'
import { Section } from './Parts'

const show = 12

export function Candidates({ order, row, candidates, locked }: { order: OrderFull; row: OrderRow; candidates: Ranked[]; locked: boolean }) {
  const { t } = useTranslation()
  const { assign } = useActions()
  const all = numbered(candidates).filter((c) => c.ranked.rider_id !== row.rider_id)
  const rows = all.slice(0, show).map((c, i) => ({ ...c, key: c.ranked.feasible && i < 9 ? i + 1 : null }))
  const scale = scaleOf(rows.map((c) => c.ranked.terms))
  const best = rows[0]?.ranked.feasible ? rows[0].ranked : undefined

  useEffect(() => {
    pick.current = (n) => {
      const c = rows.find((r) => r.key === n)?.ranked
      if (c && !locked) void assign(order, { id: c.rider_id, name: c.rider_name })
    }
    return () => {
      pick.current = null
    }
  })
  useEffect(() => () => useUi.setState({ preview: null }), [])

  return (
    <Section title={t('detail.candidates')} aside={t('detail.candidatesNow')} id="candidates">
      {rows.length === 0 && <div className="dim">{t('detail.noCandidates')}</div>}
      <div data-testid="candidates">
        {rows.map(({ key, ranked: c }, i) => (
          <Candidate key={c.rider_id} n={key} c={c} first={i === 0 && c.feasible} extraMin={extra(c, best)} scale={scale} promise={row.promise_at} locked={locked}
            order={order.id} onAssign={() => void assign(order, { id: c.rider_id, name: c.rider_name })} />
        ))}
      </div>
    </Section>
  )
}

interface Props {
  n: number | null; c: Ranked; first: boolean; extraMin: number; scale: number; promise: string; locked: boolean; order: string; onAssign(): void
}

function Candidate({ n, c, first, extraMin, scale, promise, locked, order, onAssign }: Props) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const rider = useLive((s) => s.riders.get(c.rider_id))
  const at = (iso: string) => clockTime(Date.parse(iso), zone)
  const lateS = c.dropoff_at ? (Date.parse(c.dropoff_at) - Date.parse(promise)) / 1000 : 0
  const enter = () => useUi.setState({ preview: { order, rider: c.rider_id } })
  const leave = () => useUi.setState({ preview: null })
  return (
    <div className={`candidate${c.feasible ? '' : ' cant'}`} onPointerEnter={enter} onPointerLeave={leave} onFocus={enter} onBlur={leave} data-candidate={c.rider_id}>
      <kbd className="key" style={n ? undefined : { visibility: 'hidden' }} title={n ? t('candidate.key', { n }) : undefined}>{n ?? ''}</kbd>
      <div className="row">
        <span className="name clip">{c.rider_name}</span>
        {rider && <span className="dim" style={{ display: 'inline-flex' }}><VehicleIcon vehicle={rider.vehicle} /></span>}
        {first ? <span className="pill">{t('candidate.best')}</span> : c.feasible && <span className="extra">{t('candidate.extra', { m: minutes(Math.max(0, extraMin)) })}</span>}
      </div>
      {c.feasible ? (
        <Button size="compact-xs" variant={first ? 'filled' : 'default'} disabled={locked} onClick={onAssign} data-assign
          aria-label={t('action.assignTo', { name: c.rider_name })}>{t('action.assign')}</Button>
      ) : <span />}
      <div className="below">
        <div className="meta num">
          {c.feasible && c.pickup_at && c.dropoff_at ? (
            <>
              {t('candidate.pickup', { time: at(c.pickup_at) })} → {t('candidate.door', { time: at(c.dropoff_at) })}{' '}
              {Math.abs(lateS) >= 30 && <b style={{ color: lateS > 30 ? 'var(--late)' : 'var(--good)', fontWeight: 600 }}>{signedMinutes(lateS)}</b>}
              {' · '}
            </>
          ) : (
            <>{isEngineWord(c.reason) ? t(`reason.${c.reason}`) : c.reason ? t('reason.other', { word: c.reason }) : t('candidate.cant')}{' · '}</>
          )}
          {t('candidate.far', { d: distance(c.distance_m) })}
          {c.orders > 0 && <> · {t('candidate.load', { n: c.orders })}</>}
          {c.feasible && <Fair c={c} />}
        </div>
        {c.feasible && <CostBar terms={c.terms} scale={scale} />}
      </div>
    </div>
  )
}
