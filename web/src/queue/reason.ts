// Why an exception is one, in a word of the dictionary (reason.*); '' when there is nothing to say.
import type { OrderRow, RiderRow } from '../api/types'
import type { en } from '../i18n/en'
import { aboard, unassigned, type Standing } from './bands'

export type ReasonWord = Exclude<keyof typeof en.reason, 'other'>

const fromEngine: ReadonlySet<string> = new Set<ReasonWord>([
  'no_rider', 'skill', 'refused', 'shift_end', 'capacity', 'detour', 'together', 'not_worth', 'held', 'offer_open', 'no_position', 'fixed',
  'pooled', 'first', 'only', 'best', 'longest_idle', 'stale', 'too_far',
  'disabled', 'shift_ending', 'on_break', 'break_due', 'work_limit',
])
const kitchenGraceMs = 120_000

export function reasonOf(o: OrderRow, s: Standing, rider: RiderRow | undefined, nowMs: number): ReasonWord | '' {
  if (s.band === 'done') return ''
  if (o.state === 'offered') return 'offer_open'
  if (unassigned(o.state)) return isEngineWord(o.reason) ? o.reason : s.band === 'waiting' ? 'patience' : ''
  if (rider?.presence === 'stale') return 'position_stale'
  if (o.state === 'at_store' && !o.ready_at && nowMs > Date.parse(o.ready_estimate) + kitchenGraceMs) return 'store_late'
  if (!aboard(o.state) && !s.estimated) return 'no_estimate'
  return ''
}

export const isEngineWord = (w: string): w is ReasonWord => fromEngine.has(w)
