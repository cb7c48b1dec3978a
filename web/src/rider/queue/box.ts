// The queue in IndexedDB. n, the key, counts up and is never given twice, so the order survives whatever happens.
import { withStore } from '../db'
import { type Action, type NewAction } from './action'
import { uuid } from '../../lib/uuid'
import type { Box } from './drain'

export const box: Box & { add(a: NewAction, rider: string, now: string): Promise<Action> } = {
  all: () => withStore('actions', 'readonly', (s) => s.getAll() as IDBRequest<Action[]>),
  change: (a) => withStore('actions', 'readwrite', (s) => s.put(a)),
  remove: (n) => withStore('actions', 'readwrite', (s) => s.delete(n)),
  async add(a, rider, now) {
    const whole = { ...a, id: uuid(), rider, at: a.at ?? now, tries: 0 }
    const n = await withStore('actions', 'readwrite', (s) => s.add(whole))
    return { ...whole, n: n as number }
  },
}
