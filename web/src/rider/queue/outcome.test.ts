import { expect, test } from 'vitest'
import { action } from '../testing'
import type { Kind } from './action'
import { bodyOf, pathOf } from './action'
import { uuid } from '../../lib/uuid'
import { outcomeOf, type Answer } from './outcome'

const no = (status: number, code: string, state = ''): Answer => ({ ok: false, status, problem: { status, code, state } })

test.each<[Kind, Answer, string]>([
  ['pickup', { ok: true, status: 200, body: {} }, 'done'],
  ['pickup', no(409, 'impossible_transition', 'picked_up'), 'done'], // somebody else said so, or we did, before the app was installed anew
  ['arrive-store', no(409, 'impossible_transition', 'at_door'), 'done'],
  ['deliver', no(409, 'impossible_transition', 'returning'), 'refused'],
  ['pickup', no(409, 'impossible_transition', 'cancelled'), 'refused'],
  ['fail', no(409, 'impossible_transition', 'delivered'), 'refused'],
  ['accept', no(409, 'offer_closed'), 'refused'],
  ['deliver', no(404, 'not_found'), 'refused'],
  ['deliver', no(422, 'proof_wrong'), 'refused'],
  ['deliver', no(429, 'rate_limited'), 'later'],
  ['deliver', no(408, 'timeout'), 'later'],
  ['deliver', no(503, 'unavailable'), 'later'],
  ['deliver', no(502, 'unknown'), 'later'], // a proxy's
  ['deliver', no(500, 'internal'), 'later'],
])('%s, answered %j: %s', (kind, answer, outcome) => {
  expect(outcomeOf(action(kind, 'x'), answer)).toBe(outcome)
})

test('a request says what was done, when, and nothing that is empty', () => {
  const a = action('arrive-door', 'ord_a', { id: 'an-id', at: '2026-03-12T12:00:00.000Z' })
  expect(bodyOf(a)).toEqual({ action_id: 'an-id', at: '2026-03-12T12:00:00.000Z' })
  expect(bodyOf({ ...a, kind: 'fail', reason: 'refused', note: 'cold' })).toMatchObject({ reason: 'refused', note: 'cold' })
  expect(bodyOf({ ...a, kind: 'deliver', proof: { pin: '4711' } })).toMatchObject({ proof: { pin: '4711' } })
})

test('a report tells its kind, and about which order where it is about one', () => {
  const a = action('report', 'ord_a', { id: 'an-id', at: '2026-03-12T12:00:00.000Z', trouble: 'store_closed', note: 'dark' })
  expect(pathOf(a)).toBe('/v1/rider/incidents')
  expect(bodyOf(a)).toEqual({ action_id: 'an-id', at: '2026-03-12T12:00:00.000Z', kind: 'store_closed', order_id: 'ord_a', note: 'dark' })
  expect(bodyOf({ ...a, about: '', trouble: 'accident' })).not.toHaveProperty('order_id')
})

test('an id is a UUID of version 4', () => {
  const ids = Array.from({ length: 100 }, uuid)
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(100)
})
