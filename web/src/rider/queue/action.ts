// What a rider does that the server must hear of: once, in order, and with the time when it was done.
import type { LatLng, Proof, Trouble } from '../api'

export type StepKind = 'arrive-store' | 'pickup' | 'arrive-door' | 'deliver' | 'fail' | 'return'
export type Kind = StepKind | 'accept' | 'decline' | 'take-over' | 'report'

export interface Picture { kind: 'photo' | 'signature'; content: Blob; id?: string } // id: the server has it

export interface Action {
  n: number // its place in the queue
  id: string // made here, kept over retries: the server takes the same one once
  rider: string // whose it is: another rider's log-in must not send it
  at: string
  kind: Kind
  about: string // the order, the offer or the handover; empty for a report about none in particular
  name: string // of the place, for "waiting to be sent"
  reason?: string
  note?: string
  trouble?: Trouble // that is reported
  place?: LatLng
  proof?: Omit<Proof, 'photo_ids' | 'signature_id'>
  pictures?: Picture[]
  tries: number // that the server answered with its own failure
}

export type NewAction = Omit<Action, 'n' | 'id' | 'at' | 'rider' | 'tries'> & { at?: string } // now, unless it was before

export const isStep = (k: Kind): k is StepKind => k !== 'accept' && k !== 'decline' && k !== 'take-over' && k !== 'report'

export function pathOf(a: Action): string {
  if (a.kind === 'report') return '/v1/rider/incidents'
  if (a.kind === 'take-over') return `/v1/rider/handovers/${a.about}/take-over`
  return `/v1/rider/${isStep(a.kind) ? 'orders' : 'offers'}/${a.about}/${a.kind}`
}

export const picturePath = (a: Action, p: Picture) => `/v1/rider/orders/${a.about}/proofs?kind=${p.kind}`

// bodyOf is the request; the pictures have been uploaded by then.
export function bodyOf(a: Action): object {
  const ids = (kind: Picture['kind']) => (a.pictures ?? []).flatMap((p) => (p.kind === kind && p.id ? [p.id] : []))
  const [photos, [signature]] = [ids('photo'), ids('signature')]
  const proof = { ...a.proof, ...(photos.length && { photo_ids: photos }), ...(signature && { signature_id: signature }) }
  return {
    action_id: a.id, at: a.at,
    ...(a.trouble && { kind: a.trouble, ...(a.about && { order_id: a.about }), ...(a.place && { location: a.place }) }),
    ...(a.reason && { reason: a.reason }), ...(a.note && { note: a.note }),
    ...(isStep(a.kind) && Object.keys(proof).length && { proof }),
  }
}
