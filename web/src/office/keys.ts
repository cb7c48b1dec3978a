import { useEffect, useRef } from 'react'

const typing = (e: Event) => /^(INPUT|TEXTAREA|SELECT)$/.test((e.target as HTMLElement | null)?.tagName ?? '')
const dialogOpen = () => document.querySelector('[role="dialog"], [role="menu"], [role="listbox"][data-combobox]') !== null

// useKeys binds single keys while nobody types and no dialog is open.
export function useKeys(keys: Record<string, () => void>) {
  const now = useRef(keys)
  useEffect(() => {
    now.current = keys
  })
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.altKey || e.metaKey || e.ctrlKey || typing(e) || dialogOpen()) return
      const act = now.current[e.key.length === 1 ? e.key.toLowerCase() : e.key]
      if (!act) return
      e.preventDefault()
      act()
    }
    window.addEventListener('keydown', down)
    return () => window.removeEventListener('keydown', down)
  }, [])
}

// step is the neighbour of one in a list; the first or last where none is chosen.
export function step<T>(list: readonly T[], chosen: T | undefined, by: 1 | -1): T | undefined {
  const i = chosen === undefined ? -1 : list.indexOf(chosen)
  if (i < 0) return by > 0 ? list[0] : list.at(-1)
  return list[Math.max(0, Math.min(list.length - 1, i + by))]
}
