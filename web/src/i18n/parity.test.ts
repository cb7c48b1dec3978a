import { describe, expect, test } from 'vitest'
import { en as riderEn } from '../rider/words/en'
import { zh as riderZh } from '../rider/words/zh'
import { en as officeEn } from '../office/words/en'
import { zh as officeZh } from '../office/words/zh'
import { en as reportEn } from '../report/words/en'
import { zh as reportZh } from '../report/words/zh'
import { en } from './en'
import { zh } from './zh'

type Tree = { [k: string]: string | Tree }

function flat(t: Tree, at = ''): [string, string][] {
  return Object.entries(t).flatMap(([k, v]) => (typeof v === 'string' ? [[at + k, v] as [string, string]] : flat(v, `${at}${k}.`)))
}
const holes = (s: string) => [...s.matchAll(/\{\{(\w+)\}\}/g)].map((m) => m[1]).sort()

describe.each([
  ['console', { en: flat(en), zh: flat(zh) }],
  ['office', { en: flat(officeEn), zh: flat(officeZh) }],
  ['report', { en: flat(reportEn), zh: flat(reportZh) }],
  ['rider', { en: flat(riderEn), zh: flat(riderZh) }],
])('%s', (_, words) => {
  test('both languages have the same keys', () => {
    expect(words.zh.map(([k]) => k).sort()).toEqual(words.en.map(([k]) => k).sort())
  })

  test('no text is empty', () => {
    for (const [k, v] of [...words.en, ...words.zh]) expect(v.trim(), k).not.toBe('')
  })

  test('a text has the same holes in both languages', () => {
    const zhOf = new Map(words.zh)
    for (const [k, v] of words.en) expect(holes(zhOf.get(k)!), k).toEqual(holes(v))
  })

  test('Chinese is Chinese, with Chinese punctuation', () => {
    const kept = new Set(['rider.shiftRange', 'detail.until', 'rider.loadOf', 'candidate.extra', 'age.s', 'shifts.places', 'claims.why', 'changes.of'])
    for (const [k, v] of words.zh) {
      if (!kept.has(k)) expect(v, k).toMatch(/[\u4e00-\u9fff]/)
      expect(v, k).not.toMatch(/[\u4e00-\u9fff][,:;?!]/)
    }
  })

  test('English has no Chinese', () => {
    for (const [k, v] of words.en) expect(v, k).not.toMatch(/[\u4e00-\u9fff]/)
  })
})
