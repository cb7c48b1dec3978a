import { useTranslation } from 'react-i18next'
import type { RiderRow } from '../api/types'
import { age } from '../lib/age'
import { clockTime } from '../lib/format'
import { useNow } from '../lib/hooks'
import { PresenceIcon, VehicleIcon } from '../lib/Marks'
import { useTimeZone } from '../shell/session'
import { select } from '../ui'
import type { ItemProps } from './VirtualList'

export function RiderItem({ rider: r, id, style, selected, position, of }: { rider: RiderRow } & ItemProps) {
  const { t } = useTranslation()
  const nowMs = useNow()
  const zone = useTimeZone()
  const next = r.stops[0]
  const stale = r.presence === 'stale'
  return (
    <div id={id} role="option" aria-selected={selected} aria-posinset={position} aria-setsize={of} style={style} data-rider={r.id}
      className="item" onClick={() => select({ kind: 'rider', id: r.id }, { locate: true })}>
      <PresenceIcon presence={r.presence} size={17} />
      <div style={{ minWidth: 0 }}>
        <div className="item-title"><span className="clip">{r.name}</span><span className="dim" style={{ display: 'inline-flex', alignSelf: 'center' }}><VehicleIcon vehicle={r.vehicle} size={15} /></span></div>
        <div className="item-sub clip num">
          {t(`presence.${r.presence}`)}
          {stale && <> · {r.at ? t('queue.positionAge', { age: age(t, nowMs - Date.parse(r.at)) }) : t('queue.noPosition')}</>}
          {!stale && next && <> · {t('queue.next', { time: clockTime(Date.parse(next.arrive_at), zone) })}</>}
        </div>
      </div>
      <div className="item-right">
        <Load n={r.orders.length} max={r.max_orders} />
        <div className="item-eta">{r.shift_ends_at ? t('queue.shiftTo', { time: clockTime(Date.parse(r.shift_ends_at), zone) }) : ''}</div>
      </div>
    </div>
  )
}

export function Load({ n, max }: { n: number; max: number }) {
  const { t } = useTranslation()
  if (max > 6) return <span className="num" style={{ fontWeight: 600 }}>{n}/{max}</span>
  return (
    <span className="load" role="img" aria-label={t('queue.load', { n, max })}>
      {Array.from({ length: Math.max(n, max) }, (_, i) => <i key={i} className={i < n ? 'on' : ''} />)}
    </span>
  )
}
