// Server-sent events over fetch: unlike EventSource it shows comments (so a silent line is told from a quiet one), HTTP
// status codes (so an ended session leads to the login page), and lets us choose the pauses between attempts.

export interface ServerEvent { event: string; data: string; id: string }

// parser turns chunks of text into events. It returns how many comments (heartbeats) went by.
export function sseParser(emit: (e: ServerEvent) => void) {
  let rest = ''
  let event = ''
  let data: string[] = []
  let id = ''
  return (chunk: string) => {
    rest += chunk
    let from = 0
    for (;;) {
      const nl = rest.indexOf('\n', from)
      if (nl < 0) break
      const line = rest.slice(from, rest[nl - 1] === '\r' && nl > from ? nl - 1 : nl)
      from = nl + 1
      if (line === '') {
        if (data.length) emit({ event: event || 'message', data: data.join('\n'), id })
        event = ''
        data = []
        continue
      }
      if (line[0] === ':') continue
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      let value = colon < 0 ? '' : line.slice(colon + 1)
      if (value[0] === ' ') value = value.slice(1)
      if (field === 'event') event = value
      else if (field === 'data') data.push(value)
      else if (field === 'id') id = value
    }
    rest = rest.slice(from)
  }
}

// pause before the nth attempt: 0.5, 1, 2, 4, 8, 10, 10 … seconds, ±20 % so that a hundred consoles don't return at once.
export function pauseMs(attempt: number, random = Math.random): number {
  const base = Math.min(500 * 2 ** attempt, 10_000)
  return Math.round(base * (0.8 + 0.4 * random()))
}

export interface Line {
  onOpen(): void
  onEvent(e: ServerEvent): void
  onBytes(): void
  onDown(why: 'network' | 'unauthenticated' | 'refused'): void
}

const silenceMs = 25_000 // the server says something at least every 10 s

type Headers = Record<string, string>

// listen keeps a stream open until the returned function is called. headers are asked for anew at each attempt: tokens expire.
export function listen(url: string, line: Line, headers: () => Headers | Promise<Headers> = () => ({})): () => void {
  const stop = new AbortController()
  void run(url, line, headers, stop.signal)
  return () => stop.abort()
}

async function run(url: string, line: Line, headers: () => Headers | Promise<Headers>, stop: AbortSignal) {
  let attempt = 0
  let lastId = ''
  while (!stop.aborted) {
    const conn = new AbortController()
    const abort = () => conn.abort()
    stop.addEventListener('abort', abort)
    let watchdog = setTimeout(abort, silenceMs)
    try {
      const res = await fetch(url, {
        headers: { Accept: 'text/event-stream', ...(lastId && { 'Last-Event-ID': lastId }), ...(await headers()) },
        credentials: 'same-origin', cache: 'no-store', signal: conn.signal,
      })
      if (res.status === 401) return line.onDown('unauthenticated')
      if (!res.ok || !res.body) {
        line.onDown('refused')
      } else {
        line.onOpen()
        const feed = sseParser((e) => {
          if (e.id) lastId = e.id
          line.onEvent(e)
        })
        const text = new TextDecoder()
        const reader = res.body.getReader()
        for (;;) {
          const { done, value } = await reader.read()
          if (done || stop.aborted) break
          attempt = 0
          clearTimeout(watchdog)
          watchdog = setTimeout(abort, silenceMs)
          line.onBytes()
          feed(text.decode(value, { stream: true }))
        }
        if (!stop.aborted) line.onDown('network')
      }
    } catch {
      if (!stop.aborted) line.onDown('network')
    } finally {
      clearTimeout(watchdog)
      stop.removeEventListener('abort', abort)
      conn.abort()
    }
    if (stop.aborted) return
    await new Promise((r) => setTimeout(r, pauseMs(attempt++)))
  }
}
