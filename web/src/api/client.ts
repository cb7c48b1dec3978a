// Calls to the server: JSON in, JSON out, RFC 9457 problems as ApiError.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId = '',
    readonly problem: Record<string, unknown> = {},
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

let onUnauthenticated: () => void = () => {}

// Called once at start: what to do when the session is over.
export function whenUnauthenticated(f: () => void) {
  onUnauthenticated = f
}

export async function call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (method !== 'GET') headers['X-Paidan-Console'] = '1' // other sites can't send it, so they can't use our cookie
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  let res: Response
  try {
    res = await fetch(path, {
      method, headers, credentials: 'same-origin',
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ?? AbortSignal.timeout(20_000),
    })
  } catch (e) {
    if (signal?.aborted) throw e
    throw new ApiError(0, 'network', String(e))
  }
  if (res.ok) return res.status === 204 ? (undefined as T) : ((await res.json()) as T)
  throw await problemOf(res, path)
}

async function problemOf(res: Response, path: string): Promise<ApiError> {
  const p = (await res.json().catch(() => ({}))) as Record<string, unknown>
  const code = typeof p.code === 'string' ? p.code : res.status === 401 ? 'unauthenticated' : res.status >= 500 ? 'internal' : 'unknown'
  if (res.status === 401 && !path.endsWith('/login')) onUnauthenticated()
  return new ApiError(res.status, code, String(p.detail ?? p.title ?? res.statusText), String(p.request_id ?? ''), p)
}
