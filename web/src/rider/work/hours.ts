// How long the rider has worked, and what comes of it when. Pure.
import type { Shift, WorkHours } from '../api'

const soonMs = 30 * 60_000

export type Stage = 'off' | 'on' | 'break'
export const stageOf = (shift: Shift | null | undefined): Stage => (!shift ? 'off' : shift.break_since ? 'break' : 'on')

// workedOf is the work of today (ms): what the server said at a time, and what has passed since, unless the rider was on a break.
export const workedOf = (h: WorkHours, told: number, stage: Stage, now: number): number => h.today_s * 1000 + (stage === 'on' ? Math.max(0, now - told) : 0)

// breakLeftOf is what is left of the shift's breaks (ms); null where they are not limited.
export function breakLeftOf(h: WorkHours, shift: Shift | null | undefined, now: number): number | null {
  if (shift?.break_until) return Math.max(0, Date.parse(shift.break_until) - now)
  return shift && h.break_left_s !== null ? h.break_left_s * 1000 : null
}

export interface Due { what: 'break' | 'end'; at: number; soon: boolean }

// dueOf is what comes, the first first. An end that is no later than the shift's own needs no word.
export function dueOf(h: WorkHours, shift: Shift | null | undefined, now: number): Due[] {
  if (!shift) return []
  const end = h.must_end_at !== null && Date.parse(h.must_end_at) < Date.parse(shift.ends_at) ? Date.parse(h.must_end_at) : null
  const all: Due[] = []
  if (h.break_due_at !== null) all.push({ what: 'break', at: Date.parse(h.break_due_at), soon: false })
  if (end !== null) all.push({ what: 'end', at: end, soon: false })
  return all.filter((d) => d.what === 'end' || end === null || d.at < end).map((d) => ({ ...d, soon: d.at - now < soonMs })).sort((a, b) => a.at - b.at)
}
