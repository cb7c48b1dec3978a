// The phone's session: a short access token and a refresh token that changes at every use. Both live in IndexedDB, so that the
// service worker can send what is waiting after the page has gone.
import type { Profile, Tokens } from './api'
import { drop, get, put } from './db'
import { deviceName } from './device'
import { alone } from './lock'
import { SignedOut, Unreachable, type Answer, type Problem } from './queue/outcome'

export interface Session { tenant: string; access: string; until: number; refresh: string; rider: Profile }

const early = 60_000 // ms before its end that an access token is replaced
const patience = 20_000

export const kept = () => get<Session>('session')

export const signIn = (body: { tenant: string; phone: string; password: string }) => enter('/v1/rider/login', body, body.tenant)
export const signInByCode = (body: { tenant: string; phone: string; code: string }) => enter('/v1/rider/login/code', body, body.tenant)
export const enrol = (code: string) => enter('/v1/rider/enrol', { code }, '')

// askCode has a code sent to the phone; the answer is null, or why not. Unreachable.
export async function askCode(body: { tenant: string; phone: string }): Promise<Problem | null> {
  const a = await request('/v1/rider/code', { method: 'POST', headers: json, body: JSON.stringify(body) })
  return a.ok ? null : a.problem
}

async function enter(path: string, body: object, tenant: string): Promise<Session | Problem> {
  const a = await request(path, { method: 'POST', headers: json, body: JSON.stringify({ ...body, device_name: deviceName(navigator.userAgent) }) })
  if (!a.ok) return a.problem
  return keep(a.body as Tokens, tenant)
}

async function keep(t: Tokens, tenant: string): Promise<Session> {
  const s = { tenant, access: t.access_token, until: Date.now() + t.expires_in_s * 1000, refresh: t.refresh_token, rider: t.rider }
  await put('session', s)
  return s
}

// signOut forgets the session here whatever the network says, and there as soon as it can be told.
export async function signOut(): Promise<void> {
  const s = await kept()
  for (const key of ['session', 'me', 'work', 'earnings', 'notices']) await drop(key) // what the next rider need not see
  if (!s) return
  await request('/v1/rider/logout', {
    method: 'POST', headers: { ...json, Authorization: `Bearer ${s.access}` }, body: JSON.stringify({ refresh_token: s.refresh }), keepalive: true,
  }).catch(() => undefined) // it ends by itself in 30 days
}

// bearer is a token that is good for now. refused is one that the server has just declined. SignedOut, Unreachable.
export async function bearer(refused = ''): Promise<string> {
  const usable = (s: Session) => s.access !== refused && Date.now() < s.until - early
  const now = await kept()
  if (!now) throw new SignedOut()
  if (usable(now)) return now.access
  return alone('session', async () => {
    const s = await kept() // somebody else may have been here meanwhile
    if (!s) throw new SignedOut()
    if (usable(s)) return s.access
    const a = await request('/v1/rider/refresh', { method: 'POST', headers: json, body: JSON.stringify({ refresh_token: s.refresh }) })
    if (a.ok) return (await keep(a.body as Tokens, s.tenant)).access
    if (a.status !== 401) throw new Unreachable()
    await drop('session')
    throw new SignedOut()
  })
}

// call asks as the rider. It answers with whatever the server said; SignedOut, Unreachable.
export async function call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
  const send = (token: string) => {
    const headers: Record<string, string> = { Accept: 'application/json', Authorization: `Bearer ${token}` }
    if (body instanceof Blob) headers['Content-Type'] = body.type
    else if (body !== undefined) headers['Content-Type'] = 'application/json'
    return request(path, { method, headers, body: body === undefined ? null : body instanceof Blob ? body : JSON.stringify(body) })
  }
  const token = await bearer()
  const a = await send(token)
  return a.status === 401 ? send(await bearer(token)) : a
}

const json = { 'Content-Type': 'application/json', Accept: 'application/json' }

async function request(path: string, init: RequestInit): Promise<Answer> {
  let res: Response
  let body: unknown
  try {
    res = await fetch(path, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(init.body instanceof Blob ? 3 * patience : patience), ...init })
    body = res.status === 204 ? undefined : await res.json().catch((e: unknown) => {
      if (res.ok || e instanceof DOMException) throw e // cut off in the middle: who knows what it said
      return {}
    })
  } catch {
    throw new Unreachable()
  }
  if (res.ok) return { ok: true, status: res.status, body }
  return { ok: false, status: res.status, problem: { status: res.status, code: 'unknown', ...(body as object) } }
}
