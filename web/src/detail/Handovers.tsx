import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import * as api from '../api/console'
import type { Handover } from '../api/types'
import { clockTime } from '../lib/format'
import { useNow } from '../lib/hooks'
import { select } from '../ui'
import { useMayAct, useTimeZone } from '../shell/session'
import { sayProblem } from './actions'
import { Section } from './Parts'

const toldMs = 15 * 60_000 // for so long it is told how one ended that did not come about

// Handovers are what goes on between riders about an order, or about a rider: who asks whom, until when, what was answered, where the two stand.
export function Handovers({ of, version = 0 }: { of: { order: string } | { rider: string; zone: string }; version?: number }) {
  const { t } = useTranslation()
  const now = useNow()
  const all = useQuery({ queryKey: ['handovers', of, version], queryFn: ({ signal }) => api.handovers(of, signal), refetchInterval: 10_000, placeholderData: (was) => was })
  const about = (all.data ?? []).filter((h) => 'order' in of || h.giver.id === of.rider || h.taker.id === of.rider)
  const newest = 'order' in of ? about.slice(0, 1) : about
  const shown = newest.filter((h) => h.state === 'open' || h.state === 'accepted' || (h.state !== 'done' && !!h.ended_at && now - Date.parse(h.ended_at) < toldMs))
  if (shown.length === 0) return null
  return <Section title={t('handover.title')}>{shown.map((h) => <One key={h.id} h={h} at={'rider' in of ? of.rider : ''} />)}</Section>
}

function One({ h, at }: { h: Handover; at: string }) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const may = useMayAct()
  const now = useNow()
  const queries = useQueryClient()
  const [wrong, setWrong] = useState('')
  const time = (iso: string | null) => clockTime(Date.parse(iso ?? h.expires_at), zone)
  const callOff = async () => {
    setWrong('')
    await api.cancelHandover(h.id, t('handover.byDispatcher')).catch((e: unknown) => setWrong(e instanceof ApiError ? sayProblem(t, e) : String(e)))
    await queries.invalidateQueries({ queryKey: ['handovers'] }) // also after a refusal: somebody was faster
  }
  const overdue = h.state === 'open' && Date.parse(h.expires_at) < now // until the zone's next round closes it
  const state = overdue ? 'expired' : h.state
  const notMet = h.end_reason === 'not_met'
  const live = state === 'open' || state === 'accepted'
  return (
    <div className="handover" data-testid="handover" data-state={state}>
      <div className="row">
        <span>{[h.giver, h.taker].map((r, i) => (
          <span key={r.id}>{i > 0 && ' → '}{r.id === at ? r.name : <button type="button" className="plain name" onClick={() => select({ kind: 'rider', id: r.id }, { locate: true })}>{r.name}</button>}</span>
        ))}</span>
        {live && may.role && <Button size="compact-xs" variant="default" disabled={!may.fresh} onClick={() => void callOff()} data-testid="call-off">{t('handover.callOff')}</Button>}
      </div>
      <div className="dim num">
        {state === 'open' && t(h.seen_at ? 'handover.openSeen' : 'handover.open', { time: clockTime(Date.parse(h.expires_at), zone, true) })}
        {state === 'accepted' && (h.meet ? t('handover.meetAt', { time: time(h.meet.at) }) : t('handover.accepted'))}
        {!live && t(`handover.ended.${notMet ? 'notMet' : state as 'declined'}`, { name: h.taker.name, time: time(h.ended_at) })}
        {h.end_reason && !live && !notMet && state !== 'overtaken' && ` ${t('handover.because', { reason: h.end_reason })}`}
      </div>
      {h.reason && <div className="dim">{t(h.by_dispatcher ? 'handover.whyDispatch' : 'handover.whyRider', { reason: h.reason })}</div>}
      {wrong && <div className="refused" role="alert">{wrong}</div>}
    </div>
  )
}
