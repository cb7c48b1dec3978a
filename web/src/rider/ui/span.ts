// How long something took, in words.
import { fill } from '../../lib/fill'
import type { Words } from '../words/en'

export function span(t: Words, ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  const [h, m] = [Math.floor(minutes / 60), minutes % 60]
  return h ? fill(t.hours.hm, { h, m }) : fill(t.hours.m, { m })
}
