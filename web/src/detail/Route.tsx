import { useTranslation } from 'react-i18next'
import type { StopKind } from '../api/types'
import { clockTime, signedMinutes } from '../lib/format'
import { useLive } from '../live/store'
import { useTimeZone } from '../shell/session'
import { select } from '../ui'

interface Stop { order_id: string; kind: StopKind; arrive_at: string; name?: string; address?: string }

// Route is a rider's stops in order; consecutive pickups at one store are one stop.
export function Route({ stops, mine }: { stops: readonly Stop[]; mine?: string }) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const orders = useLive((s) => s.orders)
  if (!stops.length) return <div className="dim">{t('detail.routeEmpty')}</div>
  return (
    <ol className="stops">
      {stops.map((s, i) => {
        const o = orders.get(s.order_id)
        const own = s.order_id === mine
        const late = s.kind === 'dropoff' && o ? (Date.parse(s.arrive_at) - Date.parse(o.promise_at)) / 1000 : null
        return (
          <li key={`${s.order_id}${s.kind}`}>
            <button type="button" className={`stop${own ? ' mine' : ''}`} disabled={own} onClick={() => select({ kind: 'order', id: s.order_id }, { locate: true })}>
              <span className={`mark ${s.kind}`}>{i + 1}</span>
              <span className="what clip">
                <span className="dim">{t(`stop.${s.kind}`)}</span> {s.kind === 'dropoff' ? o?.address ?? s.address : s.kind === 'pickup' ? o?.store_name ?? s.name : s.name}
              </span>
              <span className="num">
                {late != null && late > 30 && <small style={{ color: 'var(--late)', marginInlineEnd: 5, fontWeight: 600 }}>{signedMinutes(late)}</small>}
                {clockTime(Date.parse(s.arrive_at), zone)}
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}
