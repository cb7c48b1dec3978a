// What others changed, in words that a rider can act on. Pure.
import type { PlanChange } from '../api'
import type { Words } from '../words/en'

export function changeText(t: Words, c: Pick<PlanChange, 'kind' | 'reason'>): string {
  switch (c.kind) {
    case 'added':
      return t.changes.added
    case 'removed':
      return c.reason === 'cancelled' ? t.changes.cancelled : t.changes.takenAway
    case 'moved':
      return t.changes.moved
    case 'relocated':
      return c.reason === 'returning' ? t.changes.returning : t.changes.address
  }
}
