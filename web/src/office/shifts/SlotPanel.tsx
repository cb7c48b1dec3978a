import { Button, CloseButton, Select } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { IconCheck, IconClockX, IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import { clockTime } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import { useSession, useTimeZone } from '../../shell/session'
import * as api from '../api'
import { dayIn, showDay } from '../days'
import { faultsOf } from '../faults'
import { useOffice } from '../words'

// SlotPanel is one shift on one day: who has booked it, and the ways to change that.
export function SlotPanel({ slot: s, riders, onClose }: { slot: api.Slot; riders: api.Rider[]; onClose(): void }) {
  const { t, i18n } = useOffice()
  const queries = useQueryClient()
  const { user } = useSession()
  const timeZone = useTimeZone()
  const now = useNow()
  const may = user.role === 'admin' || user.role === 'dispatcher'
  const [wanted, setWanted] = useState<string | null>(null)
  const [sure, setSure] = useState('') // a booking that is about to be cancelled
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState('')
  const known = new Map(riders.map((r) => [r.id, r]))
  const taken = new Set(s.bookings.map((b) => b.rider_id))
  const fit = riders.filter((r) => !taken.has(r.id) && !r.disabled_at && (s.vehicles.length === 0 || s.vehicles.includes(r.vehicle)))
  const change = async (what: Promise<unknown>) => {
    setBusy(true)
    setWrong('')
    await what.then(() => { setWanted(null); setSure('') }, (e: unknown) => setWrong(faultsOf(t, e).whole))
    await queries.invalidateQueries({ queryKey: ['slots'] }) // also after a refusal: somebody may have been faster
    setBusy(false)
  }
  return (
    <>
      <div className="side-head">
        <div className="grow">
          <h2>{s.name || t('pages.shifts')}</h2>
          <div className="num">{showDay(s.day, i18n.language, true)}, {clockTime(Date.parse(s.starts_at), timeZone)} – {clockTime(Date.parse(s.ends_at), timeZone)}</div>
          <div className="dim num">{t('shifts.places', { n: s.places - s.free, places: s.places })} · {s.free ? t('shifts.open', { n: s.free }) : t('shifts.full')}</div>
        </div>
        <CloseButton onClick={onClose} aria-label={t('keys.close')} />
      </div>
      {may && s.free > 0 && Date.parse(s.ends_at) > now && (
        <form className="side-form" onSubmit={(e) => { e.preventDefault(); if (wanted) void change(api.book(s, wanted)) }}>
          <Select label={t('shifts.add')} placeholder={t('shifts.search')} searchable limit={50} data={fit.map((r) => ({ value: r.id, label: `${r.name} · ${r.phone}` }))} value={wanted} onChange={setWanted} className="grow" data-testid="book-rider" />
          <Button type="submit" disabled={!wanted} loading={busy && sure === ''} leftSection={<IconUserPlus size={16} />} data-testid="book">{t('shifts.book')}</Button>
        </form>
      )}
      {!may && <p className="dim side-note">{t('shifts.readOnly')}</p>}
      {wrong && <p className="side-wrong" role="alert">{wrong}</p>}
      {s.bookings.length === 0 && <p className="dim side-note">{t('shifts.nobody')}</p>}
      <ul className="bookings">
        {s.bookings.map((b) => {
          const r = known.get(b.rider_id)
          const at = Date.parse(b.booked_at)
          const when = `${showDay(dayIn(at, timeZone), i18n.language)} ${clockTime(at, timeZone)}`
          return (
            <li key={b.id} data-testid="booking">
              <div className="row">
                <span className="grow"><b>{r?.name ?? b.rider_id.slice(-6).toUpperCase()}</b> {r && <a className="num dim" href={`tel:${r.phone}`}>{r.phone}</a>}</span>
                <span className={`badge ${b.state === 'no_show' ? 'band-late' : b.state === 'kept' ? 'good' : 'band-done'}`}>{b.state === 'kept' ? <IconCheck size={13} /> : b.state === 'no_show' ? <IconClockX size={13} /> : null}{t(`shifts.state.${b.state}`)}</span>
                {may && b.state === 'booked' && sure !== b.id && <Button size="compact-xs" variant="default" onClick={() => setSure(b.id)} data-testid="take-out">{t('shifts.remove')}</Button>}
              </div>
              <div className="dim num">{t(b.by_staff ? 'shifts.byStaff' : 'shifts.by', { at: when })}</div>
              {sure === b.id && (
                <div className="sure" role="alertdialog" aria-label={t('shifts.sure', { name: r?.name ?? '' })}>
                  <p><b>{t('shifts.sure', { name: r?.name ?? '' })}</b> {t('shifts.sureHint')}</p>
                  <div className="row"><Button size="compact-sm" variant="default" onClick={() => setSure('')} data-autofocus>{t('back')}</Button><Button size="compact-sm" color="red.8" loading={busy} onClick={() => void change(api.takeOut(b))} data-testid="take-out-sure">{t('shifts.remove')}</Button></div>
                </div>
              )}
            </li>
          )
        })}
      </ul>
    </>
  )
}
