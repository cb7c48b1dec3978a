import { useEffect, useState, useSyncExternalStore } from 'react'
import type { Work } from '../api'
import { now, shown, useRider } from '../state'

// useWork is what the rider has to do, with everything that was done already.
export const useWork = (): Work => useRider(shown)

// A beat for countdowns, four times a second: an offer's last seconds are the loudest thing there is.
let timer: ReturnType<typeof setInterval> | undefined
let beat = 0
const listeners = new Set<() => void>()

function subscribe(f: () => void) {
  listeners.add(f)
  timer ??= setInterval(() => {
    beat++
    for (const l of listeners) l()
  }, 250)
  return () => {
    listeners.delete(f)
    if (listeners.size) return
    clearInterval(timer)
    timer = undefined
  }
}

// useNow re-renders with the server's time (ms): each second, or each quarter of one.
export function useNow(fine = false): number {
  useSyncExternalStore(subscribe, () => (fine ? beat : beat >> 2))
  return now()
}

// useScheme is the theme that is on.
export type Scheme = 'light' | 'dark'
const attribute = 'data-mantine-color-scheme' // set before the first paint by scheme.js, which the console shares
const current = () => (document.documentElement.getAttribute(attribute) === 'dark' ? 'dark' : 'light')

export function useScheme(): Scheme {
  const [scheme, set] = useState<Scheme>(current)
  useEffect(() => {
    const o = new MutationObserver(() => set(current()))
    o.observe(document.documentElement, { attributes: true, attributeFilter: [attribute] })
    return () => o.disconnect()
  }, [])
  return scheme
}

const schemeKey = 'mantine-color-scheme-value'
export type Wish = Scheme | 'auto'

export function wishedScheme(): Wish {
  try {
    const v = localStorage.getItem(schemeKey)
    return v === 'light' || v === 'dark' ? v : 'auto'
  } catch {
    return 'auto'
  }
}

export function setScheme(w: Wish) {
  try {
    localStorage.setItem(schemeKey, w)
  } catch { /* for this visit only */ }
  const dark = w === 'dark' || (w === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute(attribute, dark ? 'dark' : 'light')
}
