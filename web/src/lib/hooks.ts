import { useEffect, useReducer, useState, useSyncExternalStore } from 'react'
import { now, useLive } from '../live/store'

// A beat for countdowns: each second, twice as often where the server's clock runs fast.
let beat = 0
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(f: () => void) {
  listeners.add(f)
  timer ??= setInterval(() => {
    beat++
    const fast = useLive.getState().clock.speed > 2
    if (fast || beat % 2 === 0) for (const l of listeners) l()
  }, 500)
  return () => {
    listeners.delete(f)
    if (!listeners.size) {
      clearInterval(timer)
      timer = undefined
    }
  }
}

// useNow re-renders with the server's time (ms).
export function useNow(): number {
  useSyncExternalStore(subscribe, () => (useLive.getState().clock.speed > 2 ? beat : beat >> 1))
  return now()
}

// useThrottled is a value that changes at most every so many ms.
export function useThrottled<T>(value: T, ms: number): T {
  const [shown, setShown] = useState({ value, at: 0 })
  const [, again] = useReducer((n: number) => n + 1, 0)
  const t = performance.now()
  const due = value !== shown.value && t - shown.at >= ms
  useEffect(() => {
    if (value === shown.value) return
    if (due) {
      setShown({ value, at: performance.now() })
      return
    }
    const h = setTimeout(again, ms - (performance.now() - shown.at))
    return () => clearTimeout(h)
  }, [value, shown, due, ms])
  return due ? value : shown.value
}
