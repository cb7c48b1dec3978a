// A report's counts as rows to read, and its months. Pure.
import type { components } from '../api/schema.gen'
import { fill } from '../lib/fill'
import type { ReportWords } from './words'

export type Report = components['schemas']['MonthReport']
export type Row = [label: string, n: number]

// rowsOf are counts with their words, the most first. What has no word yet, a newer server's, stands as it came.
export function rowsOf(counts: Record<string, number>, words: Record<string, string>, none = ''): Row[] {
  return Object.entries(counts).filter(([, n]) => n > 0).sort(([a, n], [b, m]) => m - n || a.localeCompare(b)).map(([word, n]) => [word === '' ? none : words[word] ?? word, n])
}

// claimRows are how claims ended: "lost taken" is the state, and why.
export function claimRows(claims: Record<string, number>, t: ReportWords['claims']): Row[] {
  const words: Record<string, string> = {}
  for (const key of Object.keys(claims)) {
    const [state = '', reason = ''] = key.split(' ')
    const said = { open: t.open, won: t.won, lost: t.lost }[state] ?? state
    words[key] = reason ? fill(t.why, { state: said, reason: (t.reasons as Record<string, string>)[reason] ?? reason }) : said
  }
  return rowsOf(claims, words)
}

// monthOf is the month (2026-03) so many months from another.
export function monthOf(month: string, by: number): string {
  const at = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5, 7)) - 1 + by, 1))
  return at.toISOString().slice(0, 7)
}

export function monthName(month: string, lang: string): string {
  return new Intl.DateTimeFormat(lang.startsWith('zh') ? 'zh-CN' : 'en-GB', { year: 'numeric', month: 'long', timeZone: 'UTC' }).format(Date.parse(`${month}-01T00:00:00Z`))
}

// known is how much of the month's reasons is still there: all, a part, or none of it.
export function known(r: Report): 'all' | 'part' | 'none' {
  const from = Date.parse(r.decisions.from)
  return from >= Date.parse(r.to) ? 'none' : from > Date.parse(r.from) ? 'part' : 'all'
}

// duration is a policy's seconds in words; zero is no limit.
export function duration(s: number, t: ReportWords['rules']): string {
  if (s === 0) return t.none
  if (s < 120) return fill(t.s, { n: s })
  const [h, m] = [Math.floor(s / 3600), Math.round((s % 3600) / 60)]
  return h === 0 ? fill(t.min, { n: m }) : m === 0 ? fill(t.h, { n: h }) : fill(t.hm, { h, m })
}
