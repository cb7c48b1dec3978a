import {
  IconAlertOctagonFilled, IconAlertTriangleFilled, IconBike, IconCar, IconCheck, IconCircle, IconCircleCheck, IconHourglassHigh,
  IconMapPinOff, IconMotorbike, IconNavigationFilled, IconPlugConnectedX, IconScooterElectric, IconWalk,
} from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Presence, Vehicle } from '../api/types'
import type { Band } from '../queue/bands'

const bandIcons = { late: IconAlertOctagonFilled, risk: IconAlertTriangleFilled, waiting: IconHourglassHigh, ok: IconCircleCheck, done: IconCheck }

export function BandIcon({ band, size = 16 }: { band: Band; size?: number }) {
  const Icon = bandIcons[band]
  return <Icon size={size} aria-hidden style={{ color: `var(--${band})`, flex: 'none' }} />
}

export function BandBadge({ band }: { band: Band }) {
  const { t } = useTranslation()
  return (
    <span className={`badge band-${band}`}>
      <BandIcon band={band} size={14} />
      {t(`band.${band}`)}
    </span>
  )
}

const presenceIcons = { idle: IconCircle, working: IconNavigationFilled, stale: IconMapPinOff, offline: IconPlugConnectedX }
const presenceColours = { idle: 'var(--good)', working: 'var(--accent)', stale: 'var(--dim)', offline: 'var(--dim)' }

export function PresenceIcon({ presence, size = 16 }: { presence: Presence; size?: number }) {
  const Icon = presenceIcons[presence]
  return <Icon size={size} aria-hidden stroke={2.4} style={{ color: presenceColours[presence], flex: 'none' }} />
}

const vehicleIcons = { walking: IconWalk, bicycle: IconBike, ebike: IconScooterElectric, motorcycle: IconMotorbike, car: IconCar }

export function VehicleIcon({ vehicle, size = 15 }: { vehicle: string; size?: number }) {
  const { t } = useTranslation()
  const Icon = vehicleIcons[vehicle as Vehicle] ?? IconBike
  return <Icon size={size} role="img" aria-label={t(`vehicle.${vehicle as Vehicle}`)} style={{ flex: 'none' }} />
}
