// What a dispatcher can do to an order. Each call carries the version it was decided on; who comes second is told who was first.
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { IconAlertTriangle, IconArrowBackUp, IconCheck, IconUsers } from '@tabler/icons-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { TFunction } from 'i18next'
import { ApiError } from '../api/client'
import * as api from '../api/console'
import type { Fault, OrderDetail, OrderFull } from '../api/types'
import { clockTime, shortId } from '../lib/format'
import { useLive } from '../live/store'
import { useTimeZone } from '../shell/session'
import { useUi } from '../ui'

export const undoMs = 8000
const busy = new Set<string>() // one change of an order at a time: a key held down is one wish

export interface Actions {
  assign(order: OrderFull, rider: { id: string; name: string }): Promise<void>
  unassign(order: OrderFull, reason: string): Promise<void>
  cancel(order: OrderFull, reason: string, fault: Fault): Promise<void>
}

export function useActions(): Actions {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const zone = useTimeZone()
  return useMemo(() => actions(t, queries, zone), [t, queries, zone])
}

function actions(t: TFunction, queries: QueryClient, zone: string): Actions {
  const refresh = (id: string) => queries.invalidateQueries({ queryKey: ['order', id] })

  async function change(order: OrderFull, f: () => Promise<OrderFull>, done: (now: OrderFull) => void) {
    const { link } = useLive.getState()
    if (link === 'stale' || link === 'connecting') {
      notifications.show({ color: 'red', title: t('error.title'), message: t('action.locked'), icon: <IconAlertTriangle size={18} /> })
      return
    }
    if (busy.has(order.id)) return
    busy.add(order.id)
    try {
      const now = await f()
      done(now)
    } catch (e) {
      await explain(e, order)
    } finally {
      busy.delete(order.id)
      void refresh(order.id)
    }
  }

  async function explain(e: unknown, order: OrderFull) {
    const problem = e instanceof ApiError ? e : new ApiError(0, 'unknown', String(e))
    let title = t('error.title')
    let message: string
    if (problem.code === 'conflict' || problem.code === 'impossible_transition') {
      // Tell who was faster, and show it: the detail is read again before anything else.
      const fresh = await queries.fetchQuery({ queryKey: ['order', order.id], queryFn: () => api.order(order.id), staleTime: 0 }).catch(() => null)
      title = problem.code === 'conflict' ? t('error.conflict') : title
      message = whoWasFaster(t, fresh, order.version, zone) ?? (problem.code === 'conflict' ? t('error.conflictPlain') : t('error.impossible_transition'))
    } else message = sayProblem(t, problem)
    notifications.show({
      color: 'orange', title, message, autoClose: 9000, withBorder: true,
      icon: problem.code === 'conflict' ? <IconUsers size={18} /> : <IconAlertTriangle size={18} />,
      closeButtonProps: { 'aria-label': t('error.dismiss') },
    })
  }

  function say(message: string) {
    notifications.show({ color: 'teal', message, icon: <IconCheck size={18} />, withBorder: true, closeButtonProps: { 'aria-label': t('error.dismiss') } })
  }

  return {
    assign: (order, rider) => change(order, () => api.assign(order.id, rider.id, order.version), (now) => {
      const name = shortId(order.id)
      const had = order.rider
      const note = `undo-${order.id}`
      const run = () => {
        useUi.setState({ undo: null })
        notifications.hide(note)
        void change(now,
          // It goes back to where it was: to the rider who had it, or to nobody.
          () => (had ? api.assign(order.id, had.id, now.version) : api.unassign(order.id, now.version, 'undo')),
          () => say(t('action.undone', { order: name })))
      }
      useUi.setState({ preview: null, undo: { order: order.id, run, until: performance.now() + undoMs } })
      notifications.show({
        id: note, color: 'teal', icon: <IconCheck size={18} />, autoClose: undoMs, withBorder: true,
        closeButtonProps: { 'aria-label': t('error.dismiss') },
        onClose: () => useUi.getState().undo?.run === run && useUi.setState({ undo: null }),
        message: (
          <div>
            <div className="row">
              <span className="grow">{t('action.assigned', { order: name, name: rider.name })}</span>
              <Button size="compact-sm" variant="light" leftSection={<IconArrowBackUp size={15} />} rightSection={<kbd className="key">Z</kbd>}
                onClick={run} data-testid="undo">{t('action.undo')}</Button>
            </div>
            <div className="undo-bar" aria-hidden />
          </div>
        ),
      })
    }),
    unassign: (order, reason) => change(order, () => api.unassign(order.id, order.version, reason), () =>
      say(order.rider ? t('action.unassigned', { order: shortId(order.id), name: order.rider.name }) : t('action.unassignedPlain', { order: shortId(order.id) }))),
    cancel: (order, reason, fault) => change(order, () => api.cancel(order.id, order.version, reason, fault), () =>
      say(t('action.cancelledDone', { order: shortId(order.id) }))),
  }
}

export function whoWasFaster(t: TFunction, fresh: OrderDetail | null, since: number, zone: string): string | null {
  const last = fresh?.events.filter((e) => e.version > since).at(-1)
  if (!last) return null
  const who = [t(`actor.${last.actor.kind}` as 'actor.rider'), last.actor.name].filter(Boolean).join(' ')
  return t('error.conflictWho', { who, time: clockTime(Date.parse(last.at), zone, true), what: t(`event.${last.type}` as 'event.placed') })
}

const plain = ['unassignable', 'off_shift', 'offer_closed', 'handover_closed', 'impossible_transition', 'forbidden', 'not_found', 'rate_limited', 'unavailable', 'network'] as const

export function sayProblem(t: TFunction, e: ApiError): string {
  const known = plain.find((c) => c === e.code)
  if (e.code === 'no_handover') return t(`noHandover.${e.problem.reason as 'off'}`, { defaultValue: e.message })
  if (known) return t(`error.${known}`)
  if (e.code === 'internal') return t('error.internal', { id: e.requestId })
  return t('error.unknown', { detail: e.message })
}
