import { useTranslation } from 'react-i18next'
import type { OrderEvent } from '../api/types'
import { clockTime } from '../lib/format'
import { useTimeZone } from '../shell/session'
import { Section } from './Parts'

const bad = new Set(['offer_declined', 'offer_expired', 'unassigned', 'delivery_failed', 'incident_reported', 'cancelled'])

// History is what happened, newest first, with who and when.
export function History({ events }: { events: OrderEvent[] }) {
  const { t } = useTranslation()
  const zone = useTimeZone()
  return (
    <Section title={t('detail.history')}>
      <ol className="history" data-testid="history">
        {[...events].reverse().map((e) => {
          const d = (e.data ?? {}) as Record<string, unknown>
          const word = typeof d.reason === 'string' ? d.reason : ''
          const note = typeof d.note === 'string' ? d.note : ''
          const rider = typeof d.rider_name === 'string' ? d.rider_name : ''
          const who = [t(`actor.${e.actor.kind as 'rider'}`, { defaultValue: e.actor.kind }), e.actor.name].filter(Boolean).join(' · ')
          return (
            <li key={e.version} className={`by-${e.actor.kind}${bad.has(e.type) ? ' bad' : ''}`}>
              <span className="at">{clockTime(Date.parse(e.at), zone, true)}</span>
              <span className="dot" aria-hidden />
              <div>
                <div>{t(`event.${e.type as 'placed'}`, { defaultValue: e.type })}{rider && e.actor.kind !== 'rider' && <> → {rider}</>}</div>
                <div className="who">{who}{word && <> · {wordText(t, word)}</>}{note && <> · {note}</>}</div>
              </div>
            </li>
          )
        })}
      </ol>
    </Section>
  )
}

function wordText(t: ReturnType<typeof useTranslation>['t'], w: string): string {
  const nothing = ''
  return t(`unassignReason.${w as 'undo'}`, { defaultValue: nothing }) || t(`cancelReason.${w as 'other'}`, { defaultValue: nothing }) ||
    t(`reason.${w as 'skill'}`, { defaultValue: w })
}
