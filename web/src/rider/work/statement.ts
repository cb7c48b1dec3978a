// Which days a statement is about, and what is in it. Days are the company's, as the server names them (2026-03-02). Pure.
import type { StatementEntry } from '../api'

const dayMs = 86_400_000
const at = (day: string) => Date.parse(`${day}T00:00:00Z`)
const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)

export interface Span { from: string; to: string }

// weekOf is the week, from Monday on, so many weeks before that of today.
export function weekOf(today: string, back: number): Span {
  const monday = at(today) - ((new Date(at(today)).getUTCDay() + 6) % 7) * dayMs - back * 7 * dayMs
  return { from: text(monday), to: text(monday + 6 * dayMs) }
}

// monthOf is the month, so many months before that of today.
export function monthOf(today: string, back: number): Span {
  const [y, m] = [Number(today.slice(0, 4)), Number(today.slice(5, 7)) - 1 - back]
  return { from: text(Date.UTC(y, m, 1)), to: text(Date.UTC(y, m + 1, 0)) }
}

// bonusesOf are the parts of an entry that are worth a line of their own.
export const bonusesOf = (e: StatementEntry) => e.terms.filter((t) => t.term !== 'pay')
