// What the server refused, until the rider has read it: also when it was the service worker that heard of it.
import { get, put } from '../db'
import { alone } from '../lock'
import type { Action } from './action'
import type { Problem } from './outcome'

export interface Notice { id: string; kind: Action['kind']; about: string; name: string; code: string; state: string; detail: string }

export const notices = async (): Promise<Notice[]> => (await get<Notice[]>('notices')) ?? []

export function note(a: Action, p: Problem): Promise<void> {
  return alone('notices', async () => {
    const all = await notices()
    // One cancelled order refuses every step that was done on it; it is told once.
    if (all.some((n) => n.id === a.id || (n.about === a.about && n.code === p.code && n.state === (p.state ?? '')))) return
    const detail = p.errors?.length ? p.errors.map((e) => e.message).join(' ') : p.detail ?? ''
    await put('notices', [...all, { id: a.id, kind: a.kind, about: a.about, name: a.name, code: p.code, state: p.state ?? '', detail }])
  })
}

export const read = (id: string) => alone('notices', async () => put('notices', (await notices()).filter((n) => n.id !== id)))
