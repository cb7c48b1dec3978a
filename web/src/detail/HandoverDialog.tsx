import { Autocomplete, Button, Checkbox, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconCheck } from '@tabler/icons-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import * as api from '../api/console'
import type { OrderRow } from '../api/types'
import { clockTime, distance, shortId } from '../lib/format'
import { uuid } from '../lib/uuid'
import { useLive } from '../live/store'
import { useMayAct, useTimeZone } from '../shell/session'
import { useUi } from '../ui'
import { sayProblem } from './actions'
import { together } from './handover'
import { TakerCard } from './TakerCard'
import './handover.css'

const close = () => useUi.setState({ dialog: null })
const reasons = ['vehicle', 'shiftEnd', 'overloaded', 'closer'] as const

// HandoverDialog asks another rider to take orders over from the one who has them: which orders, whom, why.
export function HandoverDialog({ order, name, opened }: { order: OrderRow; name: string; opened: boolean }) {
  const { t } = useTranslation()
  return (
    <Modal opened={opened} onClose={close} title={t('handover.ask', { name })} size={520} centered transitionProps={{ duration: 120 }} closeButtonProps={{ 'aria-label': t('detail.close') }}>
      <Form order={order} name={name} />
    </Modal>
  )
}

function Form({ order, name }: { order: OrderRow; name: string }) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const may = useMayAct()
  const queries = useQueryClient()
  const orders = useLive((s) => s.orders)
  const own = useMemo(() => together(orders.values(), order), [orders, order])
  const [wanted, setWanted] = useState<readonly string[]>([order.id])
  const chosen = own.map((o) => o.id).filter((id) => wanted.includes(id))
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const acts = useRef(new Map<string, string>()) // by what was asked: one whose answer got lost is the same act
  const preview = useQuery({
    queryKey: ['handover-preview', chosen.join()], queryFn: ({ signal }) => api.previewHandover(chosen, signal), enabled: chosen.length > 0, refetchInterval: 15_000, retry: false, staleTime: 0,
  })
  const p = chosen.length > 0 && !preview.error ? preview.data : undefined
  const taker = p?.takers.find((x) => x.rider_id === to)

  const send = async () => {
    if (!taker || busy) return
    const what = { to, order_ids: chosen, reason: reason.trim() }
    const key = JSON.stringify(what)
    acts.current.set(key, acts.current.get(key) ?? uuid())
    setBusy(true)
    setWrong('')
    try {
      const h = await api.proposeHandover({ action_id: acts.current.get(key)!, ...what })
      notifications.show({
        color: 'teal', icon: <IconCheck size={18} />, withBorder: true, message: t('handover.asked', { name: h.taker.name, time: clockTime(Date.parse(h.expires_at), zone, true) }),
        closeButtonProps: { 'aria-label': t('error.dismiss') },
      })
      close()
    } catch (e) {
      setWrong(e instanceof ApiError ? sayProblem(t, e) : String(e))
      void preview.refetch() // as it stands now
    } finally {
      setBusy(false)
      void queries.invalidateQueries({ queryKey: ['handovers'] })
    }
  }
  return (
    <form onSubmit={(e) => { e.preventDefault(); void send() }} data-testid="handover-form">
      <Stack gap="md">
        <Text size="sm" c="dimmed">{t(order.state === 'picked_up' ? 'handover.hintOnBoard' : 'handover.hint', { name })}</Text>
        {own.length > 1 && (
          <Checkbox.Group label={t('handover.orders')} value={chosen} onChange={setWanted}>
            <Stack gap={6} mt={6}>{own.map((o) => <Checkbox key={o.id} size="sm" value={o.id} label={`${o.store_name} → ${o.address || shortId(o.id)}`} />)}</Stack>
          </Checkbox.Group>
        )}
        <Radio.Group label={t('handover.whom')} description={p?.takers.length ? t('detail.candidatesNow') : undefined} value={to} onChange={setTo} aria-busy={preview.isFetching}>
          <div className="takers" data-testid="takers">
            {p?.takers.map((x, i) => <TakerCard key={x.rider_id} taker={x} preview={p} best={i === 0} costs={x.cost - (p.takers[0]?.cost ?? 0)} />)}
          </div>
          <div role="status" className="dim">
            {chosen.length === 0 ? t('handover.noOrders') : preview.isPending ? t('detail.loading') : preview.error ? <span className="refused">{sayProblem(t, preview.error as ApiError)}</span> : p && p.takers.length === 0 ? t('handover.nobody') : null}
          </div>
        </Radio.Group>
        {taker && p?.meet && <Text size="sm">{t('handover.meeting', { giver: name, taker: taker.name, time: clockTime(Date.parse(taker.take_at), zone), d: distance(taker.distance_m) })}</Text>}
        <Autocomplete label={t('action.reason')} description={t('handover.reasonHint')} data={reasons.map((r) => t(`handover.reasons.${r}`))} value={reason} onChange={setReason} maxLength={500} name="reason" />
        {wrong && <div className="refused" role="alert">{wrong}</div>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close}>{t('action.back')}</Button>
          <Button type="submit" disabled={!taker || !may.fresh} loading={busy} data-testid="confirm">{taker ? t('handover.send', { name: taker.name }) : t('handover.sendNobody')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
