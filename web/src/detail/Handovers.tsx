import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import * as api from '../api/console'
import { clockTime } from '../lib/format'
import { useMayAct, useTimeZone } from '../shell/session'

// A rider is about to hand the order to another: who asks whom, until when, or where the two stand. A dispatcher may call it off.
export function Handovers({ order, version }: { order: string; version: number }) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const may = useMayAct()
  const queries = useQueryClient()
  const live = useQuery({ queryKey: ['handovers', order, version], queryFn: ({ signal }) => api.handovers(order, signal), refetchInterval: 10_000 })
  const h = live.data?.[0]
  if (!h) return null
  const callOff = async () => {
    await api.cancelHandover(h.id, t('handover.byDispatcher')).catch(() => undefined) // who was faster is seen when it is read again
    await queries.invalidateQueries({ queryKey: ['handovers', order] })
  }
  return (
    <>
      <dt>{t('handover.title')}</dt>
      <dd data-testid="handover">
        {h.giver.name} → {h.taker.name}
        <div className="dim">{h.state === 'open' ? t('handover.open', { time: clockTime(Date.parse(h.expires_at), zone) }) : t('handover.accepted')}{h.reason && ` · ${h.reason}`}</div>
        {may.role && <Button size="compact-xs" variant="default" disabled={!may.fresh} onClick={() => void callOff()}>{t('handover.callOff')}</Button>}
      </dd>
    </>
  )
}
