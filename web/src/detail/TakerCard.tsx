import { Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { HandoverPreview, Taker } from '../api/types'
import { clockTime, distance, minutes, signedMinutes } from '../lib/format'
import { VehicleIcon } from '../lib/Marks'
import { useTimeZone } from '../shell/session'
import { laterS } from './handover'

interface Props { taker: Taker; preview: HandoverPreview; best: boolean; costs: number }

// TakerCard is one who could take the orders over: how far away, with how much to do, when the orders would come, and who else would wait for it.
export function TakerCard({ taker: x, preview: p, best, costs }: Props) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  const at = (iso: string) => clockTime(Date.parse(iso), zone)
  const later = laterS(p, x)
  const last = x.doors.reduce((a, d) => (d.at > a ? d.at : a), '')
  return (
    <Radio.Card value={x.rider_id} className="taker" aria-label={x.name} aria-describedby={`taker-${x.rider_id}`} data-taker={x.rider_id}>
      <Radio.Indicator size="sm" />
      <div className="grow">
        <div className="row">
          <span className="name clip">{x.name}</span>
          <span className="dim" style={{ display: 'inline-flex' }}><VehicleIcon vehicle={x.vehicle} /></span>
          {best ? <span className="pill">{t('candidate.best')}</span> : <span className="extra">{t('candidate.extra', { m: minutes(Math.max(0, costs)) })}</span>}
        </div>
        <div className="meta num" id={`taker-${x.rider_id}`}>
          {t('candidate.far', { d: distance(x.distance_m) })} · {x.orders ? t('candidate.load', { n: x.orders }) : t('queue.free')}
          {' · '}{t(p.on_board ? 'handover.meets' : 'candidate.pickup', { time: at(x.take_at) })} → {t('candidate.door', { time: at(last) })}
          {later !== null && Math.abs(later) >= 30 && <b className={later > 0 ? 'later' : 'sooner'}> {t('handover.later', { m: signedMinutes(later) })}</b>}
          {x.delay_s >= 30 && <> · {t('handover.delays', { m: signedMinutes(x.delay_s) })}</>}
        </div>
      </div>
    </Radio.Card>
  )
}
