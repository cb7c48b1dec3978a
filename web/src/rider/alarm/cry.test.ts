import { expect, test } from 'vitest'
import { iso } from '../testing'
import { heardOf, type Cry } from './cry'

const cry: Cry = { id: 'a', rider: 'rid_a', at: iso(0), heard: false, acknowledged: '' }

test('an alarm is heard, then seen; nothing takes it back', () => {
  const heard = heardOf(cry, { ok: true, status: 200, body: { acknowledged_at: null } })
  expect(heard).toEqual({ ...cry, heard: true })
  expect(heardOf(heard, undefined)).toBe(heard) // no network
  expect(heardOf(heard, { ok: false, status: 500, problem: { status: 500, code: 'internal' } })).toBe(heard)
  expect(heardOf(heard, { ok: true, status: 200, body: { acknowledged_at: iso(60) } })).toEqual({ ...cry, heard: true, acknowledged: iso(60) })
})
