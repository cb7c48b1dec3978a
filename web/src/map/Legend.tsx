import { ActionIcon, Button } from '@mantine/core'
import { IconInfoCircle, IconX } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Presence } from '../api/types'
import type { Band } from '../queue/bands'
import { setLegend, useUi } from '../ui'
import { dropSprite, riderSprite, storeSprite, type Scheme } from './sprites'

const riders: readonly ['idle' | 'working' | 'stale', Presence, number | null][] = [['working', 'working', 45], ['idle', 'idle', null], ['stale', 'stale', null]]
const drops: readonly Band[] = ['ok', 'risk', 'late']

export function Legend({ scheme }: { scheme: Scheme }) {
  const { t } = useTranslation()
  const open = useUi((s) => s.legend)
  if (!open) {
    return (
      <Button className="map-legend-open" size="compact-sm" variant="default" leftSection={<IconInfoCircle size={15} />} onClick={() => setLegend(true)}>{t('map.legend')}</Button>
    )
  }
  return (
    <div className="map-card map-legend" role="group" aria-label={t('map.legend')}>
      <div>
        <h3>{t('map.riders')}</h3>
        <ul>
          {riders.map(([word, presence, heading]) => (
            <li key={word}><Mark draw={(dpr) => riderSprite(presence, heading, 2, scheme, dpr)} size={22} />{t(`map.${word}`)}</li>
          ))}
        </ul>
      </div>
      <div>
        <h3 style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
          {t('map.orders')}
          <ActionIcon size={16} variant="transparent" c="var(--dim)" aria-label={t('map.hideLegend')} onClick={() => setLegend(false)}><IconX size={14} /></ActionIcon>
        </h3>
        <ul>
          <li><Mark draw={(dpr) => storeSprite('waiting', 2, 2, scheme, dpr)} size={24} />{t('map.pickup')}</li>
          {drops.map((b) => (
            <li key={b}><Mark draw={(dpr) => dropSprite(b, 2, scheme, dpr)} size={20} />{b === 'ok' ? t('map.dropoff') : t(`band.${b as 'late'}`)}</li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function Mark({ draw, size }: { draw(dpr: number): ImageBitmap; size: number }) {
  const ref = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const c = ref.current!
    const dpr = Math.min(2, window.devicePixelRatio || 1)
    c.width = c.height = 24 * dpr
    c.getContext('2d')!.drawImage(draw(dpr), ((24 - size) / 2) * dpr, ((24 - size) / 2) * dpr)
  })
  return <canvas ref={ref} style={{ width: 24, height: 24 }} aria-hidden />
}
