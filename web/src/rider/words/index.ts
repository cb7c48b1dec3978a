// The app's words in both languages. Both travel with it: a few kilobytes, and switching needs no network.
import { useSyncExternalStore } from 'react'
import { en, type Words } from './en'
import { zh } from './zh'

export const langs = ['zh', 'en'] as const
export type Lang = (typeof langs)[number]

const key = 'paidan.lang' // the console's too
let lang: Lang = initial()
const listeners = new Set<() => void>()

function initial(): Lang {
  try {
    const kept = localStorage.getItem(key)
    if (kept === 'zh' || kept === 'en') return kept
  } catch { /* storage may be denied */ }
  return /^zh/i.test(navigator.language) ? 'zh' : 'en'
}

export function setLang(to: Lang) {
  lang = to
  try {
    localStorage.setItem(key, to)
  } catch { /* for this visit only */ }
  onDocument()
  for (const f of listeners) f()
}

export function onDocument() {
  document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en'
  document.title = words().app.name
}

export const words = (): Words => (lang === 'zh' ? zh : en)
export const useLang = (): Lang => useSyncExternalStore((f) => {
  listeners.add(f)
  return () => listeners.delete(f)
}, () => lang)

export function useWords(): Words {
  return useLang() === 'zh' ? zh : en
}

export { fill } from '../../lib/fill'
