import { IconCloudOff, IconCloudUp, IconCurrentLocationOff, IconWifi, IconLoader2 } from '@tabler/icons-react'
import { AlarmButton } from '../alarm/AlarmButton'
import { AlarmStrip } from '../alarm/AlarmScreen'
import { startOf } from '../gps/trial'
import { useRider } from '../state'
import { fill, useWords } from '../words'
import { timeOf } from './text'

// The truth about the connection, always in the same place: what is shown, how old it is, what has not been sent.
export function Banner({ onWaiting }: { onWaiting(): void }) {
  const t = useWords()
  const link = useRider((s) => s.link)
  const waiting = useRider((s) => s.waiting.length)
  const toldAt = useRider((s) => s.toldAt)
  const gps = useRider((s) => s.gps)
  const Icon = link === 'offline' ? IconCloudOff : link === 'connecting' ? IconLoader2 : IconWifi
  return (
    <header className={`banner banner-${link}`}>
      <div className="row">
        <Icon size={22} aria-hidden />
        <b className="clip" data-testid="link" data-link={link} role="status">{t.link[link]}</b>
        <span className="grow" />
        {waiting > 0 && (
          <button className="pill" onClick={onWaiting} data-testid="waiting">
            <IconCloudUp size={20} aria-hidden />
            {fill(t.waiting.short, { n: waiting })}
          </button>
        )}
        <AlarmButton />
      </div>
      <AlarmStrip />
      {link === 'offline' && <p>{toldAt > 0 && `${fill(t.link.old, { time: timeOf(toldAt) })} `}{t.link.offlineLong}</p>}
      {(gps === 'denied' || gps === 'unavailable') && <p className="row top" role="alert"><IconCurrentLocationOff size={22} aria-hidden />{t.gps[gps]}</p>}
      {startOf(location.search) && <p>{t.gps.trial}</p>}
    </header>
  )
}
