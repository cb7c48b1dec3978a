// What the rider may claim, and what became of the claims. Pure.
import type { Claim, PooledLot } from '../api'

const shownMs = 60_000 // that a lost claim is still told

// claimOf is the rider's claim that is not decided yet, of any order of the lot.
export const claimOf = (lot: PooledLot, claims: readonly Claim[]): Claim | undefined => claims.find((c) => c.state === 'open' && lot.order_ids.includes(c.order_id))

// lostOf are the claims that were lost a moment ago.
export const lostOf = (claims: readonly Claim[], now: number): Claim[] => claims.filter((c) => c.state === 'lost' && c.decided_at !== null && now - Date.parse(c.decided_at) < shownMs)

// withClaim has what the server has just said of one claim among the others.
export const withClaim = (claims: readonly Claim[], c: Claim): Claim[] => [c, ...claims.filter((x) => x.order_id !== c.order_id)]
