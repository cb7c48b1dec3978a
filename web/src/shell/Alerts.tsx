// What riders reported and nobody has taken care of: alarms first, each until a dispatcher acknowledges it.
import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle, IconPhone, IconUrgent } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import * as api from '../api/console'
import type { AlertRow } from '../api/types'
import { age } from '../lib/age'
import { shortId } from '../lib/format'
import { useNow } from '../lib/hooks'
import { useLive } from '../live/store'
import { select } from '../ui'
import { ordered, shown } from './alerts'
import { useMayAct } from './session'

export function Alerts() {
  const { t } = useTranslation()
  const rows = useLive((s) => s.alerts)
  const [all, setAll] = useState(false)
  const visible = all ? ordered(rows) : ordered(rows).slice(0, shown(rows))
  if (rows.length === 0) return null
  return (
    <div className="alerts" role="region" aria-label={t('alert.title')} data-testid="alerts">
      {visible.map((a) => <Alert key={a.id} alert={a} />)}
      {visible.length < rows.length && <button type="button" className="plain alerts-more" onClick={() => setAll(true)}>{t('alert.more', { n: rows.length - visible.length })}</button>}
    </div>
  )
}

function Alert({ alert: a }: { alert: AlertRow }) {
  const { t } = useTranslation()
  const { role } = useMayAct()
  const now = useNow()
  const [busy, setBusy] = useState(false)
  const alarm = a.kind === 'alarm'
  const Icon = alarm ? IconUrgent : IconAlertTriangle
  // The stream takes the row away; until then the button waits. It works on an old picture too: help matters more than tidiness.
  const acknowledge = () => {
    setBusy(true)
    api.acknowledge(a.id).catch(() => {
      setBusy(false)
      notifications.show({ color: 'red', title: t('error.title'), message: t('alert.failed'), icon: <IconAlertTriangle size={18} /> })
    })
  }
  return (
    <div className={`alert${alarm ? ' alarm' : ''}`} role={alarm ? 'alert' : 'status'} data-testid={`alert-${a.kind}`}>
      <Icon size={alarm ? 20 : 16} aria-hidden />
      <strong>{t(`alert.kind.${a.kind}`)}</strong>
      <button type="button" className="plain alert-who" onClick={() => select({ kind: 'rider', id: a.rider_id })}>{a.name}</button>
      <a className="row num" href={`tel:${a.phone}`}><IconPhone size={14} aria-hidden />{a.phone}</a>
      {a.location && <span className="num">{a.location.lat.toFixed(5)}, {a.location.lng.toFixed(5)}</span>}
      {a.order_id && <button type="button" className="plain alert-who num" onClick={() => select({ kind: 'order', id: a.order_id })}>{shortId(a.order_id)}</button>}
      {a.note && <span className="clip" title={a.note}>“{a.note}”</span>}
      <span className="grow" />
      <span className="num">{t('alert.ago', { age: age(t, now - Date.parse(a.at)) })}</span>
      {role && <Button size="compact-sm" color={alarm ? 'red.9' : 'gray'} variant={alarm ? 'filled' : 'default'} loading={busy} onClick={acknowledge}>{t('alert.acknowledge')}</Button>}
    </div>
  )
}
