import { useState, type ReactNode } from 'react'
import { unsubscribe } from '../live/push'
import { signOut } from '../session'
import { useRider } from '../state'
import { langs, setLang, useLang, useWords, type Lang } from '../words'
import { update } from '../worker'
import { Big } from './Big'
import { Hours } from './Hours'
import { PushSwitch } from './Push'
import { setScheme, wishedScheme, type Wish } from './hooks'
import { keep } from './kept'
import { Devices, Later } from './later'
import { navigations, wishedNavigation, type Navigation } from './navigate'
import { Waiting } from './Waiting'

export function Me() {
  const t = useWords()
  const lang = useLang()
  const session = useRider((s) => s.session)
  const waiting = useRider((s) => s.waiting.length)
  const onShift = useRider((s) => Boolean(s.me?.shift))
  const newer = useRider((s) => s.newer)
  const [scheme, pickScheme] = useState<Wish>(wishedScheme)
  const [picked, pickNavigation] = useState<Navigation | null>(null)
  const navigation = picked ?? wishedNavigation(lang)
  const [asking, setAsking] = useState(false)
  const [devices, setDevices] = useState(false)
  const leave = () => {
    void unsubscribe() // nobody waits for it
    void signOut().then(() => useRider.setState({ session: null, me: null, ended: false }))
  }
  return (
    <section className="me" data-testid="me">
      <h1 className="sr">{t.me.title}</h1>
      {newer && <div className="card"><b>{t.me.newer}</b><Big onClick={() => void update()}>{t.me.update}</Big></div>}
      <Waiting />
      <div className="card who">
        <b>{session?.rider.name}</b>
        <span className="num">{session?.rider.phone}</span>
        <span>{session && t.vehicle[session.rider.vehicle]}</span>
      </div>
      <Hours />
      <PushSwitch />
      <Choice<Lang> label={t.me.language} value={lang} set={setLang} of={langs.map((l) => [l, l === 'zh' ? '中文' : 'English'])} name="lang" />
      <Choice<Wish> label={t.me.theme} value={scheme} set={(v) => { pickScheme(v); setScheme(v) }} of={[['light', t.me.light], ['dark', t.me.dark], ['auto', t.me.auto]]} name="theme" />
      <Choice<Navigation> label={t.me.navigation} value={navigation} set={(v) => { pickNavigation(v); keep('navigation', v) }}
        of={navigations.map((n) => [n, { geo: t.me.navGeo, google: t.me.navGoogle, amap: t.me.navAmap }[n]])} name="navigation" />
      <button className="small" onClick={() => setDevices(true)} data-testid="devices-open">{t.devices.title}</button>
      {devices && <Later><Devices onClose={() => setDevices(false)} /></Later>}
      <div className="leave">
        {asking && waiting > 0 ? (
          <div className="card"><p>{t.me.signOutAsk}</p><div className="answer"><Big tone="plain" onClick={() => setAsking(false)}>{t.me.stay}</Big><Big tone="bad" onClick={leave}>{t.me.signOut}</Big></div></div>
        ) : (
          <>
            {asking && onShift && <p className="wrong" role="alert">{t.me.signOutShift}</p>}
            <Big tone="plain" onClick={() => (onShift || waiting ? setAsking(true) : leave())} data-testid="sign-out">{t.me.signOut}</Big>
          </>
        )}
      </div>
    </section>
  )
}

function Choice<T extends string>({ label, value, set, of, name }: { label: string; value: T; set(v: T): void; of: [T, ReactNode][]; name: string }) {
  return (
    <div className="setting" role="radiogroup" aria-label={label}>
      <span>{label}</span>
      <div className="segments">
        {of.map(([v, text]) => <button key={v} role="radio" aria-checked={v === value} onClick={() => set(v)} data-testid={`${name}-${v}`}>{text}</button>)}
      </div>
    </div>
  )
}
