import { useTranslation } from 'react-i18next'
import { BandIcon } from '../lib/Marks'
import { countdown, shortId, signedMinutes } from '../lib/format'
import { useNow } from '../lib/hooks'
import { useLive } from '../live/store'
import { useTimeZone } from '../shell/session'
import { clockTime } from '../lib/format'
import { select } from '../ui'
import { ended, isException } from './bands'
import type { Queued } from './order-queue'
import { reasonOf } from './reason'
import type { ItemProps } from './VirtualList'

export function OrderItem({ queued, id, style, selected, position, of }: { queued: Queued } & ItemProps) {
  const { t } = useTranslation()
  const nowMs = useNow()
  const zone = useTimeZone()
  const { order: o, standing: s } = queued
  const rider = useLive((l) => l.riders.get(o.rider_id || o.offer_rider_id))
  const why = reasonOf(o, s, rider, nowMs)
  const hot = isException(s.band)
  const over = ended(o.state)
  const who = o.rider_id ? rider?.name ?? '' : ''
  return (
    <div id={id} role="option" aria-selected={selected} aria-posinset={position} aria-setsize={of} style={style} data-order={o.id}
      className={`item band-${s.band}${hot ? ' hot' : ''}`} onClick={() => select({ kind: 'order', id: o.id }, { locate: true })}>
      <BandIcon band={s.band} size={18} />
      <div style={{ minWidth: 0 }}>
        <div className="item-title"><span className="clip">{o.store_name}</span><span className="id num">{shortId(o.id)}</span></div>
        <div className="item-sub clip">
          {t(`state.${o.state}`)}
          {who && <> · {who}</>}
          {o.state === 'offered' && rider && <> · {rider.name}</>}
          {why && why !== 'offer_open' && <> · <span className="item-why">{t(`reason.${why}`)}</span></>}
          {o.declines > 0 && !o.rider_id && <> · {t('queue.declines', { n: o.declines })}</>}
        </div>
      </div>
      <div className="item-right">
        <span className="sr">{t(`band.${s.band}`)}</span>
        {over ? (
          <div className="item-time" style={{ fontWeight: 550 }}>{o.ended_at ? clockTime(Date.parse(o.ended_at), zone) : ''}</div>
        ) : (
          <div className="item-time">{countdown(Date.parse(o.promise_at), nowMs)}</div>
        )}
        <div className="item-eta">
          {over && o.state !== 'delivered' ? '' : s.estimated ? (over ? `${signedMinutes(s.latenessS)} min` : t('queue.eta', { m: signedMinutes(s.latenessS) })) : t('queue.noEta')}
        </div>
      </div>
    </div>
  )
}
