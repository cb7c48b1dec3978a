// What others changed, in words that a rider can act on. Pure.
import type { PlanChange } from '../api'
import type { Words } from '../words/en'

export function changeText(t: Words, c: Pick<PlanChange, 'kind' | 'reason'>): string {
  switch (c.kind) {
    case 'added':
      return t.changes.added
    case 'removed':
      return c.reason === 'cancelled' ? t.changes.cancelled : c.reason === 'handed_over' ? t.changes.handedOver : c.reason === 'handover_off' ? t.changes.notHandedOver : t.changes.takenAway
    case 'moved':
      return t.changes.moved
    case 'relocated':
      switch (c.reason) {
        case 'returning':
          return t.changes.returning
        case 'handover':
          return t.changes.meet
        case 'handover_off':
          return t.changes.meetOff
      }
      return t.changes.address
  }
}
