import { useState, type KeyboardEvent, type PointerEvent } from 'react'
import { setWidth, useUi } from '../ui'

export function Splitter({ side, label }: { side: 'left' | 'right'; label: string }) {
  const width = useUi((s) => s[side])
  const [dragging, setDragging] = useState(false)
  const sign = side === 'left' ? 1 : -1
  const down = (e: PointerEvent<HTMLDivElement>) => {
    const from = e.clientX
    const had = width
    const el = e.currentTarget
    el.setPointerCapture(e.pointerId)
    setDragging(true)
    const move = (m: globalThis.PointerEvent) => setWidth(side, had + sign * (m.clientX - from))
    const up = () => {
      setDragging(false)
      el.removeEventListener('pointermove', move)
      el.removeEventListener('pointerup', up)
      el.removeEventListener('pointercancel', up)
    }
    el.addEventListener('pointermove', move)
    el.addEventListener('pointerup', up)
    el.addEventListener('pointercancel', up)
  }
  const key = (e: KeyboardEvent) => {
    const step = e.key === 'ArrowRight' ? 16 : e.key === 'ArrowLeft' ? -16 : 0
    if (!step) return
    e.preventDefault()
    setWidth(side, width + sign * step)
  }
  return (
    <div className={`splitter${dragging ? ' dragging' : ''}`} role="separator" aria-orientation="vertical" aria-label={label} tabIndex={0}
      aria-valuenow={width} aria-valuemin={side === 'left' ? 280 : 340} aria-valuemax={side === 'left' ? 520 : 620}
      onPointerDown={down} onKeyDown={key} onDoubleClick={() => setWidth(side, side === 'left' ? 340 : 400)} />
  )
}
