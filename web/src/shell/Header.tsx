import { ActionIcon, Menu, Select, Tooltip } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconCalendarTime, IconKeyboard, IconLogout, IconMapPin, IconReceipt2, IconUserCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import * as api from '../api/console'
import type { Session, Zone } from '../api/types'
import { BandIcon } from '../lib/Marks'
import { countdown } from '../lib/format'
import { forget } from '../lib/forget'
import { useNow } from '../lib/hooks'
import { useLive } from '../live/store'
import type { Band } from '../queue/bands'
import type { BandCounts } from '../queue/order-queue'
import { useUi } from '../ui'
import { LanguageSwitch, ThemeSwitch } from './Switches'

interface Props { session: Session; zones: Zone[]; zone: Zone | undefined; counts: BandCounts; onZone(id: string): void }

export function Header({ session, zones, zone, counts, onZone }: Props) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const leave = () => void api.logout().catch(() => {}).finally(() => {
    forget(queries)
    queries.setQueryData(['me'], null)
  })
  return (
    <header className="header">
      <div className="brand"><img src="/icon.svg" width={26} height={26} alt="" />{t('app.name')}</div>
      <Select aria-label={t('header.zone')} data={zones.map((z) => ({ value: z.id, label: z.name }))} value={zone?.id ?? null}
        onChange={(v) => v && v !== zone?.id && onZone(v)} allowDeselect={false} searchable={zones.length > 8} size="xs" w={150}
        leftSection={<IconMapPin size={15} />} data-testid="zone" comboboxProps={{ width: 240, position: 'bottom-start' }} />
      <LinkBadge />
      <Kpis counts={counts} />
      <div className="row" style={{ gap: 2, flex: 'none' }}>
        <LanguageSwitch />
        <ThemeSwitch />
        <Tooltip label={`${t('header.help')}  ?`}>
          <ActionIcon variant="subtle" color="gray" c="var(--text)" size={30} aria-label={t('header.help')} onClick={() => useUi.setState({ help: true })}>
            <IconKeyboard size={18} />
          </ActionIcon>
        </Tooltip>
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" c="var(--text)" size={30} aria-label={t('header.userMenu')} data-testid="user"><IconUserCircle size={20} /></ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <div style={{ padding: '6px 12px 8px' }}>
              <div style={{ fontWeight: 600 }}>{session.user.name}</div>
              <div className="dim clip">{session.user.email}</div>
              <div className="dim">{session.tenant.name} · {t(`role.${session.user.role}`)}</div>
            </div>
            <Menu.Divider />
            <Menu.Item component={Link} href="/shifts" leftSection={<IconCalendarTime size={16} />} data-testid="to-shifts">{t('header.shifts')}</Menu.Item>
            <Menu.Item component={Link} href="/settlements" leftSection={<IconReceipt2 size={16} />} data-testid="to-settlements">{t('header.settlements')}</Menu.Item>
            <Menu.Divider />
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={leave}>{t('header.signOut')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </header>
  )
}

function LinkBadge() {
  const { t } = useTranslation()
  const link = useLive((s) => s.link)
  const heardAt = useLive((s) => s.heardAt)
  const speed = useLive((s) => s.clock.speed)
  useNow()
  const seconds = Math.max(0, Math.round((performance.now() - heardAt) / 1000))
  const old = link === 'stale' || link === 'reconnecting'
  return (
    <div className="row" role="status" aria-live="polite">
      <Tooltip label={t(`link.hint.${link}`)} multiline maw={280}>
        <span className={`link link-${link}`} data-testid="link" data-link={link} tabIndex={0}>
          <span className="link-dot" />
          {t(`link.${link}`)}
          {old && heardAt > 0 && <small className="num">{t('link.age', { s: seconds })}</small>}
        </span>
      </Tooltip>
      {speed !== 1 && (
        <Tooltip label={t('link.speedHint', { n: speed })} multiline maw={260}>
          <span className="link link-connecting num" tabIndex={0}>{t('link.speed', { n: speed })}</span>
        </Tooltip>
      )}
    </div>
  )
}

function Kpis({ counts }: { counts: BandCounts }) {
  const { t } = useTranslation()
  const kpi = useLive((s) => s.kpi)
  const only = (band: Band) => useUi.setState({ tab: 'orders', bands: new Set([band]), orderText: '' })
  const has = useLive((s) => s.hasSnapshot)
  const dash = '–'
  const n = (v: number | undefined) => (v == null ? dash : String(v))
  const r = kpi?.round
  return (
    <div className="kpis">
      <Kpi label={t('kpi.late')} hint={t('kpi.lateHint')} band="late" hot={counts.late > 0} onClick={() => only('late')}>{has ? counts.late : dash}</Kpi>
      <Kpi label={t('kpi.risk')} hint={t('kpi.riskHint')} band="risk" hot={counts.risk > 0} onClick={() => only('risk')}>{has ? counts.risk : dash}</Kpi>
      <Kpi label={t('kpi.unassigned')} hint={t('kpi.unassignedHint')}>{kpi ? kpi.pending + kpi.offered : dash}</Kpi>
      <Kpi label={t('kpi.open')} hint={t('kpi.openHint')}>{n(kpi?.open)}</Kpi>
      <Kpi label={t('kpi.riders')} hint={kpi ? t('kpi.ridersHint', { working: kpi.riders_working, idle: kpi.riders_idle, stale: kpi.riders_stale }) : ''}>
        {n(kpi?.riders_on_shift)} {kpi && <small>{t('kpi.idle', { n: kpi.riders_idle })}</small>}
      </Kpi>
      <Kpi label={t('kpi.delivered')} hint={t('kpi.deliveredHint')}>{n(kpi?.delivered_1h)}</Kpi>
      <Kpi label={t('kpi.ctd')} hint={t('kpi.ctdHint')}>
        {kpi?.click_to_door_mean_s ? countdown(kpi.click_to_door_mean_s * 1000, 0) : dash}
      </Kpi>
      <Kpi label={t('kpi.round')} hint={r ? t('kpi.roundHint', { ...r }) : ''}>
        {r ? <>{Math.round(r.took_ms)} <small>ms</small></> : dash}
      </Kpi>
    </div>
  )
}

interface KpiProps { label: string; hint: string; children: ReactNode; band?: Band; hot?: boolean; onClick?: () => void }

function Kpi({ label, hint, children, band, hot, onClick }: KpiProps) {
  const inner = (
    <>
      <span className="kpi-label">{hot && band && <BandIcon band={band} size={12} />}{label}</span>
      <span className="kpi-value">{children}</span>
    </>
  )
  const cls = `kpi${hot ? ` hot band-${band}` : ''}`
  return (
    <Tooltip label={hint} disabled={!hint} multiline maw={280} openDelay={400}>
      {onClick ? <button type="button" className={cls} onClick={onClick}>{inner}</button> : <div className={cls}>{inner}</div>}
    </Tooltip>
  )
}
