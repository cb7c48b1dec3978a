import { IconHandStop, IconHelpCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import type { Decision, OrderDetail, OrderRow } from '../api/types'
import { clockTime, distance, minutes, signedMinutes } from '../lib/format'
import { useNow } from '../lib/hooks'
import { BandIcon } from '../lib/Marks'
import { useLive } from '../live/store'
import { standing, unassigned } from '../queue/bands'
import { isEngineWord, reasonOf } from '../queue/reason'
import { useTimeZone } from '../shell/session'
import { scaleOf } from './candidates'
import { CostBar } from './CostBar'
import { Fair } from './Fair'
import { Section } from './Parts'

const shown = 3

export function Why({ detail, row }: { detail: OrderDetail; row: OrderRow }) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const nowMs = useNow()
  const [all, setAll] = useState(false)
  const rider = useLive((s) => s.riders.get(row.rider_id || row.offer_rider_id))
  const waits = unassigned(row.state)
  const s = standing(row, nowMs)
  const decisions = [...detail.why.decisions].reverse() // the newest first
  const word = reasonOf(row, s, rider, nowMs)
  // Who has it now may not be the engine's doing.
  const given = waits ? undefined : detail.events.findLast((e) => e.type === 'assigned' || e.type === 'offer_accepted')
  const byHand = given?.type === 'assigned' && given.actor.kind === 'dispatcher' ? given : undefined
  const visible = all ? decisions : decisions.slice(0, waits ? shown : 1)
  return (
    <Section title={t(waits ? 'detail.whyWaiting' : 'detail.whyRider')}>
      <div data-testid="why">
        {waits && word && (
          <div className={`banner band-${s.band === 'ok' ? 'waiting' : s.band}`}>
            <BandIcon band={s.band === 'ok' ? 'waiting' : s.band} size={18} />
            <div>
              <b>{t(`reason.${word}`)}</b>
              {row.state === 'offered' && rider && <div className="more">{t('detail.askedNow', { name: rider.name })}</div>}
            </div>
          </div>
        )}
        {byHand && (
          <div className="by-hand">
            <IconHandStop size={16} color="var(--waiting)" />
            <b style={{ fontWeight: 600 }} className="grow clip">{t('detail.byHand', { who: byHand.actor.name ?? t('actor.dispatcher') })}</b>
            <span className="dim num">{clockTime(Date.parse(byHand.at), zone)}</span>
          </div>
        )}
        {decisions.length === 0 && <div className="row dim"><IconHelpCircle size={16} />{t('detail.noDecisions')}</div>}
        {visible.map((d) => <OneDecision key={d.first_at} d={d} zone={zone} promise={row.promise_at} />)}
        {decisions.length > visible.length && (
          <button type="button" className="plain" style={{ color: 'var(--accent)', fontSize: 12, marginTop: 4 }} onClick={() => setAll(true)}>
            {t('detail.showAll', { n: decisions.length })}
          </button>
        )}
      </div>
    </Section>
  )
}

function OneDecision({ d, zone, promise }: { d: Decision; zone: string; promise: string }) {
  const { t } = useTranslation()
  const from = clockTime(Date.parse(d.first_at), zone)
  const to = clockTime(Date.parse(d.last_at), zone)
  const runners = d.runners_up.filter((r) => r.rider_id !== d.rider_id).slice(0, 3)
  const scale = scaleOf([d.chosen?.terms ?? null, ...runners.map((r) => r.terms)])
  return (
    <div className="decision">
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <b style={{ fontWeight: 600 }} className="clip">{headline(t, d)}</b>
        <span className="when">{from === to ? from : t('detail.until', { from, to })}</span>
      </div>
      {d.kind !== 'waiting' && d.reason && d.reason !== 'held' && <div className="dim" style={{ fontSize: 12 }}>{reasonText(t, d.reason)}</div>}
      {d.chosen && (
        <>
          <div className="num dim" style={{ fontSize: 12 }}>
            {t('candidate.pickup', { time: clockTime(Date.parse(d.chosen.pickup_at), zone) })} → {t('candidate.door', { time: clockTime(Date.parse(d.chosen.dropoff_at), zone) })}
            {' · '}{t('candidate.far', { d: distance(d.chosen.distance_m) })}
            <Fair c={d.chosen} />
          </div>
          <CostBar terms={d.chosen.terms} scale={scale} />
        </>
      )}
      {d.until && d.kind === 'held' && <div className="dim num" style={{ fontSize: 12 }}>{t('detail.heldUntil', { time: clockTime(Date.parse(d.until), zone) })}</div>}
      {runners.length > 0 && (
        <div style={{ marginTop: 6 }}>
          <div className="dim" style={{ fontSize: 11 }}>{t('detail.runnersUp')}</div>
          {runners.map((r) => {
            const lateS = r.dropoff_at ? (Date.parse(r.dropoff_at) - Date.parse(promise)) / 1000 : 0
            return (
              <div className="runner num" key={r.rider_id}>
                <span className="clip">{r.rider_name}</span>
                <span className="dim">
                  {r.feasible ? (
                    <>
                      {r.dropoff_at && t('candidate.door', { time: clockTime(Date.parse(r.dropoff_at), zone) })} {lateS > 30 && <b style={{ color: 'var(--late)', fontWeight: 600 }}>{signedMinutes(lateS)}</b>}{' · '}
                      {d.chosen ? t('candidate.extra', { m: minutes(Math.max(0, r.cost - d.chosen.cost)) }) : t('candidate.cost', { m: minutes(r.cost) })}
                    </>
                  ) : reasonText(t, r.reason)}
                </span>
              </div>
            )
          })}
        </div>
      )}
    </div>
  )
}

function headline(t: TFunction, d: Decision): string {
  if (d.kind === 'waiting') return d.reason ? reasonText(t, d.reason) : t('decision.waiting')
  return t(`decision.${d.kind}`, { name: d.rider_name })
}

const reasonText = (t: TFunction, w: string) => (isEngineWord(w) ? t(`reason.${w}`) : t('reason.other', { word: w }))
