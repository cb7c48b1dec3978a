import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Zone } from '../../api/types'
import { useNow } from '../../lib/hooks'
import { useSession, useTimeZone } from '../../shell/session'
import * as api from '../api'
import { dayIn, showDay } from '../days'
import { useKeys } from '../keys'
import { Failed } from '../Parts'
import { useOffice } from '../words'
import { TemplateDialog } from './TemplateDialog'

// Templates are what the week is made of; those that have ended stand last.
export function Templates({ zone }: { zone: Zone }) {
  const { t, i18n } = useOffice()
  const { t: common } = useTranslation()
  const { user } = useSession()
  const admin = user.role === 'admin'
  const timeZone = useTimeZone()
  const now = useNow()
  const today = dayIn(now, timeZone)
  const [editing, setEditing] = useState<api.Template | 'new' | null>(null)
  const q = useQuery({ queryKey: ['templates', zone.id], queryFn: ({ signal }) => api.templates(zone.id, signal) })
  useKeys({ n: () => admin && setEditing('new') })
  const ended = (x: api.Template) => x.last_day !== null && x.last_day < today
  const rows = [...(q.data ?? [])].sort((a, b) => Number(ended(a)) - Number(ended(b)) || a.from.localeCompare(b.from))
  const show = (d: string) => showDay(d, i18n.language, true)
  return (
    <section className="templates" aria-labelledby="templates-title">
      <div className="office-bar">
        <h2 id="templates-title">{t('template.title')}</h2>
        {admin ? <Button size="xs" leftSection={<IconPlus size={15} />} onClick={() => setEditing('new')} data-testid="new-template">{t('template.add')}</Button> : <span className="dim">{t('template.adminOnly')}</span>}
      </div>
      {q.error && <Failed retry={() => void q.refetch()} />}
      {q.data?.length === 0 && <p className="dim">{t('template.none')}</p>}
      {rows.length > 0 && (
        <table className="office-table">
          <thead><tr><th>{t('template.name')}</th><th>{t('template.weekdays')}</th><th>{t('template.from')} – {t('template.to')}</th><th className="end">{t('template.places')}</th><th>{t('template.vehicles')}</th><th>{t('template.lastDay')}</th>{admin && <th><span className="sr">{t('template.edit')}</span></th>}</tr></thead>
          <tbody>
            {rows.map((x) => (
              <tr key={x.id} className={ended(x) ? 'dim' : ''} data-testid="template">
                <td><b>{x.name || t('none')}</b></td>
                <td>{x.weekdays.map((d) => t(`weekday.${d}`)).join(i18n.language === 'zh' ? '、' : ', ')}</td>
                <td className="num">{x.from} – {x.to}</td>
                <td className="num end">{x.places}</td>
                <td>{x.vehicles.length ? x.vehicles.map((v) => common(`vehicle.${v}`)).join(i18n.language === 'zh' ? '、' : ', ') : t('template.anyVehicle')}</td>
                <td className="num">{ended(x) ? t('template.ended') : x.first_day > today ? t('template.starts', { day: show(x.first_day) }) : x.last_day ? t('template.until', { day: show(x.last_day) }) : t('template.forever')}</td>
                {admin && <td className="end"><Button size="compact-xs" variant="default" onClick={() => setEditing(x)} data-testid="edit-template">{t('template.edit')}</Button></td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {editing && <TemplateDialog zone={zone} template={editing === 'new' ? null : editing} today={today} onClose={() => setEditing(null)} />}
    </section>
  )
}
