// What the server alone can say yes to, and at once: nothing of it is kept for later.
import { SignedOut, Unreachable, type Answer, type Problem } from '../queue/outcome'
import { call } from '../session'
import { useRider } from '../state'

export type Asked<T> = { got: T } | { refused: Problem } | { unreachable: true }

export async function ask<T>(...[method, path, body]: Parameters<typeof call>): Promise<Asked<T>> {
  try {
    const a: Answer = await call(method, path, body)
    if (a.ok) return { got: a.body as T }
    return a.status >= 500 ? { unreachable: true } : { refused: a.problem }
  } catch (e) {
    if (e instanceof SignedOut) useRider.setState({ session: null, ended: true })
    else if (!(e instanceof Unreachable)) throw e
    return { unreachable: true }
  }
}
