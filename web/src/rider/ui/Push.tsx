import { IconBell } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import type { PushSettings } from '../api'
import { again, asked, mayAsk, pushSettings, sleep, wake, wakingNow, want, wanted, type Waking } from '../live/push'
import { useRider } from '../state'
import { useLang, useWords } from '../words'

const localeOf = (lang: string) => (lang === 'zh' ? 'zh-CN' : 'en')

// useWaking is whether this phone is woken, and the way to change it; waking undefined: the server wakes no pages.
function useWaking() {
  const lang = useLang()
  const [settings, setSettings] = useState<PushSettings>()
  const [waking, setWaking] = useState<Waking>()
  const [failed, setFailed] = useState(false)
  const offline = useRider((s) => s.link === 'offline')
  useEffect(() => {
    if (!offline) void pushSettings().then(async (s) => {
      setSettings(s)
      if (s) setWaking(await wakingNow())
    })
  }, [offline])
  const turn = async (on: boolean) => {
    if (!settings) return
    want(on)
    const ok = on ? await wake(settings, localeOf(lang)) : (await sleep(), true)
    const is = await wakingNow()
    setWaking(is)
    setFailed(!ok && is !== 'denied')
  }
  return { waking, failed, turn }
}

// usePush tells the server of this phone again after each log-in, and in which language to write.
export function usePush() {
  const lang = useLang()
  useEffect(() => {
    if (wanted()) void pushSettings().then((s) => s && again(s, localeOf(lang)))
  }, [lang])
}

// PushAsk asks once, when the rider has just gone online: that is when it is plain what for.
export function PushAsk() {
  const t = useWords()
  const { waking, turn } = useWaking()
  const [open, setOpen] = useState(mayAsk)
  if (!open || waking !== 'off') return null
  return (
    <div className="card push-ask" role="status" data-testid="push-ask">
      <div className="row top"><IconBell size={28} aria-hidden /><p className="grow">{t.push.ask}</p></div>
      <div className="answer even">
        <button className="small" onClick={() => { asked(); setOpen(false) }} data-testid="push-no">{t.push.no}</button>
        <button className="small small-go" onClick={() => void turn(true).then(() => setOpen(false))} data-testid="push-yes">{t.push.yes}</button>
      </div>
    </div>
  )
}

export function PushSwitch() {
  const t = useWords()
  const { waking, failed, turn } = useWaking()
  if (!waking) return null
  if (waking === 'denied' || waking === 'unavailable') return <div className="setting"><span>{t.push.title}</span><p className="note" data-testid="push-cant">{t.push[waking]}</p></div>
  return (
    <div className="setting" role="radiogroup" aria-label={t.push.title} data-testid="push" data-push={waking}>
      <span>{t.push.title}</span>
      <div className="segments">
        {([['on', t.push.on], ['off', t.push.off]] as const).map(([v, text]) => <button key={v} role="radio" aria-checked={v === waking} onClick={() => v !== waking && void turn(v === 'on')} data-testid={`push-${v}`}>{text}</button>)}
      </div>
      {failed && <p className="wrong" role="alert">{t.push.failed}</p>}
    </div>
  )
}
