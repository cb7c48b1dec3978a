// Ranked riders and their cost, made readable. Pure.
import type { Candidate, Terms } from '../api/types'

export const termNames = ['click_to_door', 'late', 'work', 'pay', 'others', 'position', 'idle', 'earned'] as const satisfies readonly (keyof Terms)[]
export type TermName = (typeof termNames)[number]

export interface Bar { name: TermName; minutes: number; share: number }

// bars scales the terms so that rows can be compared: share is of the biggest sum among all of them. Gains (negative
// terms) have a share too, of their size.
export function bars(terms: Terms | null, scale: number): Bar[] {
  if (!terms) return []
  return termNames
    .map((name) => ({ name, minutes: terms[name] ?? 0, share: scale > 0 ? Math.min(1, Math.abs(terms[name] ?? 0) / scale) : 0 }))
    .filter((b) => Math.abs(b.minutes) >= 0.05)
}

export function scaleOf(all: readonly (Terms | null)[]): number {
  let most = 0
  for (const t of all) {
    if (!t) continue
    let sum = 0
    for (const n of termNames) sum += Math.max(0, t[n] ?? 0)
    most = Math.max(most, sum)
  }
  return most
}

// numbered: feasible candidates best first, with the key (1–9) that assigns each; then those who can't, with their reason.
export function numbered(candidates: readonly Candidate[]): { key: number | null; ranked: Candidate }[] {
  const can = candidates.filter((c) => c.feasible).sort((a, b) => a.cost - b.cost)
  const cant = candidates.filter((c) => !c.feasible)
  return [
    ...can.map((ranked, i) => ({ key: i < 9 ? i + 1 : null, ranked })),
    ...cant.map((ranked) => ({ key: null, ranked })),
  ]
}

// extra is how much worse a rider is than the best one, in the solver's minutes.
export const extra = (c: Candidate, best: Candidate | undefined) => (best ? c.cost - best.cost : 0)
