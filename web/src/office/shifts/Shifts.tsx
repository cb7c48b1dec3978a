import { ActionIcon, Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useState } from 'react'
import type { Zone } from '../../api/types'
import { useTimeZone } from '../../shell/session'
import { clockTime } from '../../lib/format'
import { useNow } from '../../lib/hooks'
import * as api from '../api'
import { addDays, dayIn, mondayOf, showDay, weekFrom } from '../days'
import { step, useKeys } from '../keys'
import { Empty, Failed, Keys } from '../Parts'
import { useOffice } from '../words'
import { SlotPanel } from './SlotPanel'
import { Templates } from './Templates'

const keyOf = (s: api.Slot) => `${s.template_id}${s.day}`

// Shifts are a zone's slots of a week, who has booked them, and the templates that they come from.
export function Shifts({ zone }: { zone: Zone }) {
  const { t, i18n } = useOffice()
  const timeZone = useTimeZone()
  const now = useNow()
  const today = dayIn(now, timeZone)
  const [week, setWeek] = useState(() => mondayOf(today))
  const [chosen, setChosen] = useState('')
  const q = useQuery({ queryKey: ['slots', zone.id, week], queryFn: ({ signal }) => api.slots(zone.id, week, 7, signal), refetchInterval: 30_000 })
  const riders = useQuery({ queryKey: ['zone-riders', zone.id], queryFn: ({ signal }) => api.riders(zone.id, signal), staleTime: 60_000 })
  const slots = q.data ?? []
  const slot = slots.find((s) => keyOf(s) === chosen)
  const go = (to: string) => { setWeek(to); setChosen('') }
  const move = (by: 1 | -1) => {
    const to = step(slots, slot, by)
    if (to) setChosen(keyOf(to))
  }
  useKeys({ j: () => move(1), k: () => move(-1), '[': () => go(addDays(week, -7)), ']': () => go(addDays(week, 7)), Escape: () => setChosen('') })
  return (
    <div className="office-body">
      <main className="office-main">
        <div className="office-bar">
          <h1>{t('shifts.title')}</h1>
          <ActionIcon variant="default" size={30} aria-label={t('shifts.earlier')} onClick={() => go(addDays(week, -7))}><IconChevronLeft size={17} /></ActionIcon>
          <b className="num week" data-testid="week">{showDay(week, i18n.language)} – {showDay(addDays(week, 6), i18n.language, true)}</b>
          <ActionIcon variant="default" size={30} aria-label={t('shifts.later')} onClick={() => go(addDays(week, 7))}><IconChevronRight size={17} /></ActionIcon>
          {week !== mondayOf(today) && <Button size="xs" variant="default" onClick={() => go(mondayOf(today))}>{t('shifts.thisWeek')}</Button>}
          <span className="grow" />
          <Keys of={[[['J', 'K'], t('keys.move')], [['[', ']'], t('keys.week')], [['N'], t('keys.make')], [['Esc'], t('keys.close')]]} />
        </div>
        {q.error ? <Failed retry={() => void q.refetch()} /> : (
          <div className="week-grid">
            {weekFrom(week).map((d) => (
              <section key={d} className={`week-day${d === today ? ' today' : ''}`} aria-label={showDay(d, i18n.language)}>
                <h2>{showDay(d, i18n.language)}</h2>
                {slots.filter((s) => s.day === d).map((s) => <Card key={keyOf(s)} slot={s} on={s === slot} onPick={() => setChosen(s === slot ? '' : keyOf(s))} over={Date.parse(s.ends_at) < now} timeZone={timeZone} />)}
              </section>
            ))}
          </div>
        )}
        {q.data?.length === 0 && <Empty title={t('shifts.none')}>{t('shifts.noneHint')}</Empty>}
        <Templates zone={zone} />
      </main>
      <aside className="office-side" aria-label={t('shifts.booked')}>
        {slot ? <SlotPanel key={keyOf(slot)} slot={slot} riders={riders.data ?? []} onClose={() => setChosen('')} /> : <Empty title={t('shifts.pick')} />}
      </aside>
    </div>
  )
}

function Card({ slot: s, on, onPick, over, timeZone }: { slot: api.Slot; on: boolean; onPick(): void; over: boolean; timeZone: string }) {
  const { t } = useOffice()
  const taken = s.places - s.free
  const missing = s.bookings.filter((b) => b.state === 'no_show').length
  return (
    <button type="button" className={`slot${over ? ' over' : ''}`} aria-pressed={on} onClick={onPick} data-testid="slot">
      <b className="num">{clockTime(Date.parse(s.starts_at), timeZone)} – {clockTime(Date.parse(s.ends_at), timeZone)}</b>
      <span className="clip">{s.name || '\u00a0'}</span>
      <span className="slot-bar" aria-hidden><i style={{ width: `${Math.min(100, (100 * taken) / s.places)}%` }} /></span>
      <span className="row num"><span className="grow">{t('shifts.places', { n: taken, places: s.places })}</span>{s.free === 0 && <span className="badge band-done">{t('shifts.full')}</span>}</span>
      {missing > 0 && <span className="missing">{t('shifts.missing', { n: missing })}</span>}
    </button>
  )
}
