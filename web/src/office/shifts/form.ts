// What is typed into a template's form, and what is wrong with it before it is sent. Pure.
import type { NewTemplate, Weekday } from '../api'

export const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

export interface Form { name: string; weekdays: Weekday[]; from: string; to: string; places: number | string; vehicles: NonNullable<NewTemplate['vehicles']>; first_day: string; last_day: string }
export type Wrong = 'wrongDays' | 'wrongTime' | 'wrongPlaces' | 'wrongLast'

const time = /^([01]\d|2[0-3]):[0-5]\d$/

export function wrongIn(f: Form): Partial<Record<keyof Form, Wrong>> {
  const wrong: Partial<Record<keyof Form, Wrong>> = {}
  if (!f.weekdays.length) wrong.weekdays = 'wrongDays'
  if (!time.test(f.from)) wrong.from = 'wrongTime'
  if (!time.test(f.to)) wrong.to = 'wrongTime'
  if (!Number.isInteger(f.places) || Number(f.places) < 1 || Number(f.places) > 10_000) wrong.places = 'wrongPlaces'
  if (f.first_day && f.last_day && f.last_day < f.first_day) wrong.last_day = 'wrongLast'
  return wrong
}

// bodyOf has the days in the week's order, whatever the order in which they were chosen.
export const bodyOf = (f: Form, zone: string): NewTemplate => ({
  zone_id: zone, name: f.name.trim(), weekdays: weekdays.filter((d) => f.weekdays.includes(d)), from: f.from, to: f.to, places: Number(f.places), vehicles: f.vehicles,
  ...(f.first_day && { first_day: f.first_day }), ...(f.last_day && { last_day: f.last_day }),
})
