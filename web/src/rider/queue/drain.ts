// Sends what is waiting, one after another and in the order in which it was done. An action leaves the queue only with the server's
// word on it, so whatever is cut off is sent again, with the same id.
import { bodyOf, pathOf, picturePath, type Action } from './action'
import { outcomeOf, SignedOut, Unreachable, type Answer, type Problem } from './outcome'

// Box keeps the queue; IndexedDB in the phone, an array in tests.
export interface Box {
  all(): Promise<Action[]> // in order
  change(a: Action): Promise<unknown>
  remove(n: number): Promise<unknown>
}

export type Call = (method: 'POST', path: string, body: unknown) => Promise<Answer>

export interface Told { done(a: Action, body: unknown): Promise<unknown> | void; refused(a: Action, why: Problem): Promise<unknown> | void }

export type Drained = 'empty' | 'later' | 'signed-out'

export async function drain(rider: string, box: Box, call: Call, told: Told): Promise<Drained> {
  try {
    for (;;) {
      const a = (await box.all()).find((x) => x.rider === rider)
      if (!a) return 'empty'
      const answer = await send(a, box, call)
      const outcome = outcomeOf(a, answer)
      if (outcome === 'later') {
        if (!answer.ok && answer.problem.code === 'internal') await box.change({ ...a, tries: a.tries + 1 })
        return 'later'
      }
      // First told, then removed: whoever dies in between is told again, which says the same.
      if (outcome === 'refused' && !answer.ok) await told.refused(a, answer.problem)
      else await told.done(a, answer.ok ? answer.body : undefined)
      await box.remove(a.n)
    }
  } catch (e) {
    if (e instanceof Unreachable) return 'later'
    if (e instanceof SignedOut) return 'signed-out'
    throw e
  }
}

// send uploads the pictures that are not there yet, noting each, and then says what they prove.
async function send(a: Action, box: Box, call: Call): Promise<Answer> {
  for (const p of a.pictures ?? []) {
    if (p.id) continue
    const answer = await call('POST', picturePath(a, p), p.content)
    if (!answer.ok) return answer
    p.id = (answer.body as { id: string }).id
    await box.change(a)
  }
  return call('POST', pathOf(a), bodyOf(a))
}
