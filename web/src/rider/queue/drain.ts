// Sends what is waiting in the order in which it was done: one act by its own operation, several in one request. An act leaves the queue only
// with the server's word on it, so whatever is cut off is sent again, with the same id.
import type { SyncAnswer, Work } from '../api'
import { bodyOf, pathOf, picturePath, type Action } from './action'
import { outcomeOf, SignedOut, Unreachable, type Answer, type Outcome, type Problem } from './outcome'
import { judge, rowOf, syncPath, together } from './together'

// Box keeps the queue; IndexedDB in the phone, an array in tests.
export interface Box {
  all(): Promise<Action[]> // in order
  change(a: Action): Promise<unknown>
  remove(n: number): Promise<unknown>
}

export type Call = (method: 'POST', path: string, body: unknown) => Promise<Answer>

export interface Told {
  done(a: Action, body: unknown): Promise<unknown> | void
  refused(a: Action, why: Problem): Promise<unknown> | void
  work?(w: Work): void // what there is to do, as it is after all
}

export type Drained = 'empty' | 'later' | 'signed-out'

export async function drain(rider: string, box: Box, call: Call, told: Told): Promise<Drained> {
  const post = new Post(box, call, told)
  try {
    for (;;) {
      const mine = (await box.all()).filter((a) => a.rider === rider && !post.kept.has(a.id))
      const [first] = mine
      if (!first) return post.kept.size ? 'later' : 'empty'
      const many = together(mine)
      const went = many.length > 1 && !post.singly ? await post.sendAll(many) : await post.send(first)
      if (!went) return 'later'
    }
  } catch (e) {
    if (e instanceof Unreachable) return 'later'
    if (e instanceof SignedOut) return 'signed-out'
    throw e
  }
}

class Post {
  kept = new Set<string>() // acts to be sent again later, which the server has said of each alone
  singly = false // the server takes no request of many

  constructor(private readonly box: Box, private readonly call: Call, private readonly told: Told) {}

  // send sends one; false: it must wait, and with it all behind it.
  async send(a: Action): Promise<boolean> {
    const answer = await this.upload(a) ?? await this.call('POST', pathOf(a), bodyOf(a))
    return this.settleBy(a, answer)
  }

  // sendAll sends many at once, whose pictures go before.
  async sendAll(many: Action[]): Promise<boolean> {
    const acts: Action[] = []
    for (const a of many) {
      const refused = await this.upload(a)
      if (!refused) acts.push(a)
      else if (!(await this.settleBy(a, refused))) return false
    }
    if (!acts.length) return true
    const answer = await this.call('POST', syncPath, { actions: acts.map(rowOf) })
    if (!answer.ok) {
      this.singly = answer.status < 500 && outcomeOf(acts[0]!, answer) === 'refused'
      return this.singly || this.settleBy(acts[0]!, answer)
    }
    const { results, plan, offers } = answer.body as SyncAnswer
    for (const [i, a] of acts.entries()) {
      const { outcome, why } = judge(a, results[i]!)
      await this.settle(a, outcome, why)
    }
    this.told.work?.({ plan, offers })
    return true
  }

  // upload sends the pictures that are not there yet, noting each; the answer is the refusal of one.
  private async upload(a: Action): Promise<Answer | undefined> {
    for (const p of a.pictures ?? []) {
      if (p.id) continue
      const answer = await this.call('POST', picturePath(a, p), p.content)
      if (!answer.ok) return answer
      p.id = (answer.body as { id: string }).id
      await this.box.change(a)
    }
    return undefined
  }

  private async settleBy(a: Action, answer: Answer): Promise<boolean> {
    const outcome = outcomeOf(a, answer)
    if (outcome !== 'later') {
      await this.settle(a, outcome, answer.ok ? undefined : answer.problem, answer.ok ? answer.body : undefined)
      return true
    }
    if (!answer.ok && answer.problem.code === 'internal') await this.box.change({ ...a, tries: a.tries + 1 })
    return false
  }

  // First told, then removed: whoever dies in between is told again, which says the same.
  private async settle(a: Action, outcome: Outcome, why?: Problem, body?: unknown) {
    if (outcome === 'later') {
      this.kept.add(a.id)
      return
    }
    if (outcome === 'refused' && why) await this.told.refused(a, why)
    else await this.told.done(a, body)
    await this.box.remove(a.n)
  }
}
