import { describe, expect, test } from 'vitest'
import { nothing, type OrderState, type Work } from '../api'
import { action } from '../testing'
import type { Action, StepKind } from './action'
import { drain, type Box } from './drain'
import { SignedOut, Unreachable, type Answer, type Problem } from './outcome'
import { syncPath } from './together'

// Disk is the phone's storage: what is on it outlives the app.
class Disk implements Box {
  rows: Action[] = []
  all = async () => structuredClone(this.rows)
  change = async (a: Action) => void (this.rows = this.rows.map((x) => (x.n === a.n ? structuredClone(a) : x)))
  remove = async (n: number) => void (this.rows = this.rows.filter((x) => x.n !== n))
}

const chain: [StepKind, OrderState, OrderState][] = [
  ['arrive-store', 'assigned', 'at_store'], ['pickup', 'at_store', 'picked_up'], ['arrive-door', 'picked_up', 'at_door'], ['deliver', 'at_door', 'delivered'],
]

// Office is the server as its API promises to be: an act counts once by its id, and an impossible one is a 409.
class Office {
  states = new Map<string, OrderState>()
  heard: string[] = [] // what counted, in order
  known = new Set<string>()
  pictures = 0

  answer(path: string, body: { action_id: string; proof?: { photo_ids?: string[] } }): Answer {
    if (path === syncPath) {
      const { actions } = body as unknown as { actions: { id: string; kind: string; order_id: string; proof?: object }[] }
      const results = actions.map(({ id, kind, order_id, proof }) => {
        const a = this.answer(`orders/${order_id}/${kind.replace('_', '-')}`, { action_id: id, ...(proof && { proof }) })
        return a.ok ? { id, status: 'applied', advice: 'none', error: null } : { id, status: 'conflict', advice: 'forget', error: a.problem }
      })
      return { ok: true, status: 200, body: { results, plan: nothing.plan, offers: [] } }
    }
    const [, order, word] = /orders\/([^/]+)\/([^/?]+)/.exec(path)!
    if (word === 'proofs') return { ok: true, status: 201, body: { id: `prf_${++this.pictures}` } }
    if (this.known.has(body.action_id)) return { ok: true, status: 200, body: {} }
    const [, from, to] = chain.find(([k]) => k === word)!
    const state = this.states.get(order!) ?? 'assigned'
    if (state !== from) return refusal(409, 'impossible_transition', state)
    this.states.set(order!, to)
    this.known.add(body.action_id)
    this.heard.push(`${order} ${word}${body.proof?.photo_ids ? ` ${body.proof.photo_ids.join()}` : ''}`)
    return { ok: true, status: 200, body: {} }
  }
}

const refusal = (status: number, code: string, state = ''): Answer => ({ ok: false, status, problem: { status, code, state } })
const silent = { done: () => {}, refused: () => {} }
const photo = new Blob(['x'], { type: 'image/jpeg' })

function dice(seed: number) {
  return () => {
    seed = (seed * 1664525 + 1013904223) >>> 0
    return seed / 2 ** 32
  }
}

describe('whatever the network and the phone do', () => {
  test.each(Array.from({ length: 200 }, (_, i) => i + 1))('nothing is lost, doubled or out of order (%i)', async (seed) => {
    const roll = dice(seed)
    const office = new Office()
    const disk = new Disk()
    const orders = ['a', 'b', 'c'].slice(0, 1 + Math.floor(roll() * 3))
    const left = orders.map((o) => ({ o, i: 0 }))
    const did: string[] = []
    let refused = 0

    // Each beat the rider may do something, and the queue may be sent, over a line that breaks before or after the server has heard,
    // by an app that may be killed before it has noted what was answered.
    const call = async (_: 'POST', path: string, body: unknown): Promise<Answer> => {
      const fate = roll()
      if (fate < 0.25) throw new Unreachable()
      if (fate < 0.3) return refusal(503, 'unavailable')
      const a = office.answer(path, body as { action_id: string })
      if (fate < 0.5) throw new Unreachable() // heard, but the answer was lost
      return a
    }
    for (let beat = 0; beat < 2000; beat++) {
      const free = left.filter((x) => x.i < chain.length)
      if (free.length && roll() < 0.3) {
        const x = free[Math.floor(roll() * free.length)]!
        const kind = chain[x.i++]![0]
        disk.rows.push(action(kind, x.o, kind === 'deliver' ? { pictures: [{ kind: 'photo', content: photo }] } : {}))
        did.push(`${x.o} ${kind}`)
      }
      const killed = roll() < 0.2
      const box: Box = killed ? { ...disk, all: disk.all, change: disk.change, remove: () => Promise.reject(new Error('killed')) } : disk
      await drain('rid_a', box, call, { done: () => {}, refused: () => void refused++ }).catch((e: Error) => expect(e.message).toBe('killed'))
      if (!free.length && !disk.rows.length) break
    }
    expect(disk.rows).toEqual([])
    expect(refused).toBe(0)
    expect(office.heard.map((h) => h.split(' ').slice(0, 2).join(' '))).toEqual(did)
    for (const h of office.heard) if (h.includes('deliver')) expect(h).toMatch(/prf_\d+$/)
  })
})

test('a picture that has arrived is not sent again', async () => {
  const disk = new Disk()
  disk.rows = [action('deliver', 'a', { pictures: [{ kind: 'photo', content: photo }, { kind: 'signature', content: photo }] })]
  const sent: string[] = []
  let fail = true
  const call = async (_: 'POST', path: string, body: unknown): Promise<Answer> => {
    sent.push(path.split('/').at(-1)!)
    if (path.includes('signature') && fail) throw new Unreachable()
    if (path.includes('proofs')) return { ok: true, status: 201, body: { id: `prf_${sent.length}` } }
    expect(body).toMatchObject({ proof: { photo_ids: ['prf_1'], signature_id: 'prf_3' } })
    return { ok: true, status: 200, body: {} }
  }
  expect(await drain('rid_a', disk, call, silent)).toBe('later')
  fail = false
  expect(await drain('rid_a', disk, call, silent)).toBe('empty')
  expect(sent).toEqual(['proofs?kind=photo', 'proofs?kind=signature', 'proofs?kind=signature', 'deliver'])
})

test('what is refused is told once and does not hold up the rest', async () => {
  const disk = new Disk()
  disk.rows = [action('deliver', 'gone'), action('arrive-store', 'mine')]
  const office = new Office()
  office.states.set('gone', 'cancelled')
  const told: [string, Problem][] = []
  const works: Work[] = []
  const call = async (_: 'POST', path: string, body: unknown): Promise<Answer> => office.answer(path, body as { action_id: string })
  expect(await drain('rid_a', disk, call, { done: () => {}, refused: (a, p) => void told.push([a.about, p]), work: (w) => void works.push(w) })).toBe('empty')
  expect(told).toMatchObject([['gone', { state: 'cancelled' }]])
  expect(office.states.get('mine')).toBe('at_store')
  expect(works).toHaveLength(1)
})

// heard is a line to a server that takes everything, and what went over it.
function heard(answer: (path: string, rows: { id: string }[]) => Answer | undefined = () => undefined) {
  const requests: string[] = []
  const call = async (_: 'POST', path: string, body: unknown): Promise<Answer> => {
    const rows = path === syncPath ? (body as { actions: { id: string }[] }).actions : []
    requests.push(path === syncPath ? `sync of ${rows.length}` : path.split('/').at(-1)!)
    return answer(path, rows) ?? { ok: true, status: 200, body: { results: rows.map(({ id }) => ({ id, status: 'applied', advice: 'none', error: null })), plan: nothing.plan, offers: [] } }
  }
  return { requests, call }
}

test('what waited goes in as few requests as it takes; reports go alone, in their turn', async () => {
  const disk = new Disk()
  disk.rows = [...Array.from({ length: 203 }, () => action('pickup', 'a')), action('report', 'a', { trouble: 'damaged' }), action('deliver', 'a')]
  const { requests, call } = heard()
  expect(await drain('rid_a', disk, call, silent)).toBe('empty')
  expect(requests).toEqual(['sync of 200', 'sync of 3', 'incidents', 'deliver'])
  expect(disk.rows).toEqual([])
})

test('an act that must wait does not hold up those behind it', async () => {
  const disk = new Disk()
  disk.rows = [action('deliver', 'a'), action('arrive-store', 'b'), action('report', 'b', { trouble: 'long_wait' })]
  const first = disk.rows[0]!.id
  const { requests, call } = heard((path, rows) => path !== syncPath ? undefined : {
    ok: true, status: 200, body: {
      results: rows.map(({ id }) => (id === first ? { id, status: 'conflict', advice: 'resend', error: { status: 429, code: 'rate_limited' } } : { id, status: 'already', advice: 'none', error: null })),
      plan: nothing.plan, offers: [],
    },
  })
  expect(await drain('rid_a', disk, call, silent)).toBe('later')
  expect(requests).toEqual(['sync of 2', 'incidents'])
  expect(disk.rows.map((a) => a.id)).toEqual([first])
})

test('a request of many that the server does not take goes act by act', async () => {
  const disk = new Disk()
  disk.rows = [action('arrive-store', 'a'), action('pickup', 'a')]
  const refused = heard((path) => path === syncPath ? refusal(422, 'validation') : undefined)
  expect(await drain('rid_a', disk, refused.call, silent)).toBe('empty')
  expect(refused.requests).toEqual(['sync of 2', 'arrive-store', 'pickup'])

  disk.rows = [action('arrive-store', 'a'), action('pickup', 'a'), action('arrive-door', 'a')]
  const failing = heard((path) => path === syncPath ? refusal(500, 'internal') : undefined)
  expect(await drain('rid_a', disk, failing.call, silent)).toBe('later') // the first may be the cause: it goes alone the next time
  expect(await drain('rid_a', disk, heard().call, silent)).toBe('empty')
  expect(failing.requests).toEqual(['sync of 3'])
})

test('another rider’s actions stay where they are', async () => {
  const disk = new Disk()
  disk.rows = [action('deliver', 'a', { rider: 'rid_b' }), action('deliver', 'b')]
  const paths: string[] = []
  const call = async (_: 'POST', path: string): Promise<Answer> => {
    paths.push(path)
    return { ok: true, status: 200, body: {} }
  }
  expect(await drain('rid_a', disk, call, silent)).toBe('empty')
  expect(paths).toEqual(['/v1/rider/orders/b/deliver'])
  expect(disk.rows.map((a) => a.rider)).toEqual(['rid_b'])
})

test('a server that fails by itself is asked eight times, then the next action has its turn', async () => {
  const disk = new Disk()
  disk.rows = [action('deliver', 'a')]
  let refused = 0
  const told = { done: () => {}, refused: () => void refused++ }
  for (let i = 0; i < 7; i++) expect(await drain('rid_a', disk, async () => refusal(500, 'internal'), told)).toBe('later')
  expect([disk.rows.length, refused]).toEqual([1, 0])
  expect(await drain('rid_a', disk, async () => refusal(500, 'internal'), told)).toBe('empty')
  expect([disk.rows.length, refused]).toEqual([0, 1])
})

test('signed out: nothing is lost', async () => {
  const disk = new Disk()
  disk.rows = [action('deliver', 'a')]
  expect(await drain('rid_a', disk, async () => { throw new SignedOut() }, silent)).toBe('signed-out')
  expect(disk.rows).toHaveLength(1)
})
