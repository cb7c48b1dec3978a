// How long an offer still waits, on the server's clock. Pure.
import type { Offer } from '../api'

export interface Left { seconds: number; part: number; hurry: boolean }

const hurrySeconds = 10

export function leftOf(o: Pick<Offer, 'made_at' | 'expires_at'>, nowMs: number): Left {
  const [from, to] = [Date.parse(o.made_at), Date.parse(o.expires_at)]
  const ms = Math.max(0, to - nowMs)
  const seconds = Math.ceil(ms / 1000)
  return { seconds, part: to > from ? Math.min(1, ms / (to - from)) : 0, hurry: seconds <= hurrySeconds }
}
