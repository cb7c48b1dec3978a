import { ActionIcon, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { IconArrowLeft, IconMapPin } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { Link, Redirect, useLocation } from 'wouter'
import * as api from '../api/console'
import type { Session, Settings } from '../api/types'
import { Alerts } from '../shell/Alerts'
import { SessionContext } from '../shell/session'
import { LanguageSwitch, ThemeSwitch } from '../shell/Switches'
import { startClock } from '../live/clock'
import { useLive, watch } from '../live/store'
import { keep, keptZone, useUi } from '../ui'
import { Settlements } from './money/Settlements'
import { RiderReport } from './report/RiderReport'
import { Shifts } from './shifts/Shifts'
import { useOffice } from './words'
import '../shell/shell.css'
import './office.css'

// Office are the pages beside the live screen: what is done at a desk, once a day or a week.
export default function Office({ session }: { session: Session }) {
  const { t } = useOffice()
  const [path, navigate] = useLocation()
  const queries = useQueryClient()
  const zones = useQuery({ queryKey: ['zones'], queryFn: ({ signal }) => api.zones(signal), staleTime: 60_000 })
  const settings = useQuery({ queryKey: ['server-time'], queryFn: ({ signal }) => api.settings(signal).then(setClock), staleTime: Infinity })
  const [wanted, setWanted] = useState(keptZone)
  const zone = zones.data?.find((z) => z.id === wanted) ?? zones.data?.[0]
  const zoneId = zone?.id ?? ''
  useEffect(() => (zoneId ? watch(zoneId) : undefined), [zoneId]) // an alarm is heard here, too
  const ended = useLive((s) => s.ended)
  useEffect(() => {
    if (!ended) return
    queries.setQueryData(['me'], null)
    queries.setQueryData(['ended'], true)
  }, [ended, queries])
  const selected = useUi((s) => s.selected)
  const before = useRef(selected)
  useEffect(() => { // by an alarm: it is looked at on the live screen
    if (selected && selected !== before.current) navigate('/')
  }, [selected, navigate])
  const shifts = path === '/shifts'
  const report = /^\/reports\/(rid_\w+)$/.exec(path)?.[1]
  if (!shifts && !report && path !== '/settlements') return <Redirect to="/" replace />
  return (
    <SessionContext value={session}>
      <div className="office">
        <header className="header">
          <Link href={`/?zone=${zone?.id ?? ''}`} asChild><ActionIcon component="a" variant="subtle" color="gray" c="var(--text)" size={30} aria-label={t('pages.live')} data-testid="to-live"><IconArrowLeft size={18} /></ActionIcon></Link>
          <div className="brand"><img src="/icon.svg" width={26} height={26} alt="" />{session.tenant.name}</div>
          <nav className="office-nav" aria-label={t('pages.title')}>
            <Link href="/shifts" aria-current={shifts ? 'page' : undefined}>{t('pages.shifts')}</Link>
            <Link href="/settlements" aria-current={path === '/settlements' ? 'page' : undefined}>{t('pages.money')}</Link>
          </nav>
          <span className="grow" />
          {shifts && (
            <Select aria-label={t('pages.shifts')} data={(zones.data ?? []).map((z) => ({ value: z.id, label: z.name }))} value={zone?.id ?? null} allowDeselect={false} searchable={(zones.data?.length ?? 0) > 8}
              onChange={(v) => { if (v) { setWanted(v); keep('zone', v) } }} size="xs" w={180} leftSection={<IconMapPin size={15} />} data-testid="office-zone" />
          )}
          <LanguageSwitch />
          <ThemeSwitch />
        </header>
        <Alerts />
        {!settings.data ? null : report ? <RiderReport key={report} id={report} /> : shifts ? zone && <Shifts key={zone.id} zone={zone} /> : <Settlements />}
      </div>
    </SessionContext>
  )
}

// setClock takes over the server's time before the stream tells it: it decides which week it is.
function setClock(s: Settings): Settings {
  useLive.setState({ clock: startClock(s.now, s.clock_speed, performance.now()) })
  return s
}
