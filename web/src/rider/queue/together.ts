// What has waited is sent in one request (POST /v1/rider/sync) with an answer for each act: two hours without a network are one call. Pure.
import type { SyncAction, SyncResult } from '../api'
import { bodyOf, type Action, type Kind } from './action'
import { outcomeOf, type Outcome, type Problem } from './outcome'

export const syncPath = '/v1/rider/sync'
const most = 200 // the server's limit

const kinds: Partial<Record<Kind, SyncAction['kind']>> = {
  'accept': 'accept_offer', 'decline': 'decline_offer', 'take-over': 'take_over', 'arrive-store': 'arrive_store', 'pickup': 'pickup', 'arrive-door': 'arrive_door', 'deliver': 'deliver', 'fail': 'fail', 'return': 'return',
}

// together are the acts at the head of the queue that one request takes. One at which the server has failed goes alone: should it be the cause, it keeps
// nothing else back.
export function together(waiting: readonly Action[]): Action[] {
  const end = waiting.findIndex((a) => !kinds[a.kind] || a.tries > 0)
  return waiting.slice(0, end < 0 ? most : Math.min(end, most))
}

export function rowOf(a: Action): object {
  const { action_id, ...body } = bodyOf(a) as { action_id: string }
  const about = a.kind === 'accept' || a.kind === 'decline' ? 'offer_id' : a.kind === 'take-over' ? 'handover_id' : 'order_id'
  return { id: action_id, kind: kinds[a.kind], [about]: a.about, ...body }
}

// judge says what its result means for an act.
export function judge(a: Action, r: SyncResult): { outcome: Outcome; why?: Problem } {
  if (r.status !== 'conflict') return { outcome: 'done' }
  if (r.advice === 'resend') return { outcome: 'later' }
  const why = (r.error ?? { status: 409, code: 'unknown' }) as Problem
  return { outcome: outcomeOf(a, { ok: false, status: why.status, problem: why }), why }
}
