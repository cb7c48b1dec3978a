// The server's clock, seen from here. It may run faster than ours (a replayed or simulated day), so every countdown asks
// it and never Date.now().

export interface ServerClock {
  server: number // ms since the epoch on the server's clock …
  local: number // … at this moment of ours (performance.now())
  speed: number
}

export function startClock(now: string, speed: number, local: number): ServerClock {
  return { server: Date.parse(now), local, speed: speed > 0 ? speed : 1 }
}

export function serverNow(c: ServerClock, local: number): number {
  return c.server + (local - c.local) * c.speed
}

// observe corrects the clock by one more message. A message can only be late, never early: one that is ahead of our
// estimate travelled faster than those before it and is believed; a small lag is latency; a big one means the clock was set back.
export function observe(c: ServerClock, now: string, local: number): ServerClock {
  const told = Date.parse(now)
  if (Number.isNaN(told)) return c
  const ahead = told - serverNow(c, local)
  if (ahead >= 0 || ahead < -3000 * c.speed) return { ...c, server: told, local }
  // Our clock may run a little fast: give way slowly, so that no countdown ever jumps.
  return { ...c, server: serverNow(c, local) + ahead * 0.02, local }
}
