import { useEffect, useRef, useState, type KeyboardEvent, type MouseEvent, type PointerEvent } from 'react'

export const holdMs = 1500
const tapMs = 400

// useHold tells a button that is held from one that is touched in passing, by finger or by key: onHeld after holdMs, onTap where it
// was let go at once.
export function useHold(onHeld: () => void, onTap?: () => void) {
  const [holding, setHolding] = useState(false)
  const since = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])

  const begin = () => {
    clearTimeout(timer.current)
    since.current = performance.now()
    setHolding(true)
    timer.current = setTimeout(() => {
      since.current = 0
      setHolding(false)
      onHeld()
    }, holdMs)
  }
  const end = (meant: boolean) => {
    clearTimeout(timer.current)
    setHolding(false)
    if (meant && since.current && performance.now() - since.current < tapMs) onTap?.()
    since.current = 0
  }
  const key = (e: KeyboardEvent) => e.key === 'Enter' || e.key === ' '
  return {
    holding,
    handlers: {
      onPointerDown: (e: PointerEvent<HTMLElement>) => {
        e.currentTarget.setPointerCapture(e.pointerId) // a glove slides
        begin()
      },
      onPointerUp: () => end(true),
      onPointerCancel: () => end(false),
      onKeyDown: (e: KeyboardEvent) => { if (key(e) && !e.repeat) begin() },
      onKeyUp: (e: KeyboardEvent) => { if (key(e)) end(true) },
      onBlur: () => end(false),
      onClick: (e: MouseEvent) => { if (e.detail === 0 && !since.current) onTap?.() }, // a screen reader's, which can't hold
      onContextMenu: (e: MouseEvent) => e.preventDefault(), // what a long press is otherwise
    },
  }
}
