import { IconDeviceMobile } from '@tabler/icons-react'
import { useCallback, useEffect, useState } from 'react'
import type { Device } from '../api'
import { ask } from '../live/ask'
import { fill, useLang, useWords } from '../words'
import { Cover } from './Cover'
import { dayOf, timeOf } from './text'

// Devices are the phones that are logged in for the rider: one that was lost is logged out from here.
export function Devices({ onClose }: { onClose(): void }) {
  const t = useWords()
  const lang = useLang()
  const [devices, setDevices] = useState<Device[]>()
  const [sure, setSure] = useState('') // the one whose button was touched once
  const [wrong, setWrong] = useState(false)
  const read = useCallback(async () => {
    const a = await ask<{ data: Device[] }>('GET', '/v1/rider/devices')
    setWrong(!('got' in a))
    if ('got' in a) setDevices(a.got.data)
  }, [])
  useEffect(() => void read(), [read])
  const out = async (d: Device) => {
    if (sure !== d.id) return setSure(d.id)
    setSure('')
    const a = await ask('DELETE', `/v1/rider/devices/${d.id}`)
    if ('unreachable' in a) setWrong(true)
    else await read() // one that is gone already is gone
  }
  return (
    <Cover name="devices" title={t.devices.title} onClose={onClose} foot={wrong && <p className="wrong" role="alert">{t.devices.failed}</p>}>
      <p className="lead">{t.devices.hint}</p>
      <div className="slots">
        <ul>
          {devices?.map((d) => (
            <li key={d.id} className={d.current ? 'mine' : ''} data-testid="device">
              <IconDeviceMobile size={28} aria-hidden />
              <div className="grow">
                <b>{d.name || t.devices.nameless}</b>
                <span className="dim">{d.current ? t.devices.current : fill(t.devices.seen, { day: dayOf(d.seen_at.slice(0, 10), lang), time: timeOf(d.seen_at) })}</span>
              </div>
              {!d.current && <button className={`small ${sure === d.id ? 'small-bad' : ''}`} onClick={() => void out(d)} data-testid="device-out">{sure === d.id ? t.devices.sure : t.devices.out}</button>}
            </li>
          ))}
        </ul>
      </div>
    </Cover>
  )
}
