import { IconCash, IconHome, IconRoute, IconUser } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { AlarmScreen } from './alarm/AlarmScreen'
import { insist } from './alarm/raise'
import { track } from './gps/track'
import { tidy } from './live/push'
import { watch } from './live/watch'
import { post, reread } from './queue/post'
import { useRider } from './state'
import { Banner } from './ui/Banner'
import { Changes } from './ui/Changes'
import { Earnings } from './ui/Earnings'
import { HandoverScreen } from './ui/HandoverScreen'
import { Login } from './ui/Login'
import { Me } from './ui/Me'
import { Notices } from './ui/Notices'
import { Now } from './ui/Now'
import { OfferScreen } from './ui/OfferScreen'
import { Route } from './ui/Route'
import { keepAwake } from './ui/awake'
import { useWork } from './ui/hooks'
import { usePush } from './ui/Push'
import { useWords } from './words'

export function App() {
  const loaded = useRider((s) => s.loaded)
  const session = useRider((s) => s.session)
  if (!loaded) return null // a few milliseconds
  return session ? <Signed key={session.rider.id} /> : <Login />
}

const tabs = { now: IconHome, route: IconRoute, earnings: IconCash, me: IconUser }
type Tab = keyof typeof tabs

function Signed() {
  const t = useWords()
  const [tab, setTab] = useState<Tab>('now')
  const onShift = useRider((s) => Boolean(s.me?.shift))
  const offer = useWork().offers[0]
  const asked = useRider((s) => s.handovers.find((h) => h.state === 'open' && !h.mine))
  const crying = useRider((s) => s.cry !== null)

  useEffect(watch, [])
  usePush()
  useEffect(() => { // what the phone was woken for is on the screen
    const seen = () => { if (!document.hidden) void tidy() }
    seen()
    document.addEventListener('visibilitychange', seen)
    return () => document.removeEventListener('visibilitychange', seen)
  }, [])
  useEffect(() => {
    void post()
    const told = (e: MessageEvent) => { if (e.data === 'queue') void reread() } // by the service worker, which sent something
    navigator.serviceWorker?.addEventListener('message', told)
    return () => navigator.serviceWorker?.removeEventListener('message', told)
  }, [])
  useEffect(() => {
    if (!onShift) return
    const stops = [track(), keepAwake()]
    return () => stops.forEach((stop) => stop())
  }, [onShift])

  useEffect(() => (crying ? insist() : undefined), [crying])

  const Screen = { now: Now, route: Route, earnings: Earnings, me: Me }[tab]
  return (
    <div className="app">
      <Banner onWaiting={() => setTab('me')} />
      <main className="screen" key={tab}><Screen /></main>
      <nav className="tabs">
        {(Object.keys(tabs) as Tab[]).map((k) => {
          const Icon = tabs[k]
          return (
            <button key={k} className="tab" aria-current={k === tab ? 'page' : undefined} onClick={() => setTab(k)} data-testid={`tab-${k}`}>
              <Icon size={26} aria-hidden />
              {t.tab[k]}
            </button>
          )
        })}
      </nav>
      {offer ? <OfferScreen key={offer.id} offer={offer} /> : asked && <HandoverScreen key={asked.id} handover={asked} />}
      <Changes />
      <Notices />
      <AlarmScreen />
    </div>
  )
}
