// What a rider may do with a slot, at a time. Pure.
import type { Booking, Slot } from '../api'

export const mine = (s: Slot): Booking | undefined => s.bookings.find((b) => b.state === 'booked' || b.state === 'kept')

export type Choice = 'cancel' | 'booked' | 'book' | 'full' | 'over'

// choiceOf: booked is one that only a dispatcher can cancel by now.
export function choiceOf(s: Slot, now: number): Choice {
  const b = mine(s)
  if (b) return b.state === 'booked' && now < Date.parse(b.cancel_until) ? 'cancel' : 'booked'
  if (now >= Date.parse(s.starts_at)) return 'over'
  return s.free > 0 ? 'book' : 'full'
}

// daysOf are the slots by their days, those that are over and not the rider's left out.
export function daysOf(slots: readonly Slot[], now: number): [string, Slot[]][] {
  const days = new Map<string, Slot[]>()
  for (const s of slots) {
    if (choiceOf(s, now) === 'over' || now >= Date.parse(s.ends_at)) continue
    days.set(s.day, [...(days.get(s.day) ?? []), s])
  }
  return [...days]
}

// nextOf is the rider's next booked shift, or the one that is on.
export const nextOf = (slots: readonly Slot[], now: number): Slot | undefined =>
  slots.filter((s) => mine(s)?.state === 'booked' && now < Date.parse(s.ends_at)).sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at))[0]
