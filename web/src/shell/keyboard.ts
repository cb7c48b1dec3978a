import { useEffect, useRef } from 'react'
import { useLive } from '../live/store'
import type { RiderRow } from '../api/types'
import { first, givable } from '../detail/handover'
import { unassignable } from '../queue/bands'
import type { Queued } from '../queue/order-queue'
import { select, useUi } from '../ui'

// What a key from 1 to 9 does at the moment; the candidates' list sets it.
export const pick: { current: ((n: number) => void) | null } = { current: null }

const typing = (e: Event) => {
  const el = e.target as HTMLElement | null
  return !!el && (el.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName))
}
const dialogOpen = () => document.querySelector('[role="dialog"], [role="menu"], [role="listbox"][data-combobox]') !== null

export function neighbour(ids: readonly string[], current: string | undefined, step: 1 | -1): string | undefined {
  if (!ids.length) return undefined
  const i = current ? ids.indexOf(current) : -1
  if (i < 0) return step > 0 ? ids[0] : ids[ids.length - 1]
  return ids[Math.max(0, Math.min(ids.length - 1, i + step))]
}

export function useKeyboard(orders: readonly Queued[], riders: readonly RiderRow[]) {
  const lists = useRef({ orders, riders })
  useEffect(() => {
    lists.current = { orders, riders }
  })
  useEffect(() => {
    const down = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.altKey || e.metaKey || e.ctrlKey) return
      if (typing(e)) {
        if (e.key === 'Escape') (e.target as HTMLElement).blur()
        return
      }
      if (dialogOpen()) return
      if (act(e.key, lists.current)) e.preventDefault()
    }
    window.addEventListener('keydown', down)
    return () => window.removeEventListener('keydown', down)
  }, [])
}

function act(key: string, lists: { orders: readonly Queued[]; riders: readonly RiderRow[] }): boolean {
  const ui = useUi.getState()
  const { selected, tab } = ui
  switch (key.length === 1 ? key.toLowerCase() : key) {
    case 'j': case 'k': case 'ArrowDown': case 'ArrowUp': {
      if (key.startsWith('Arrow') && document.activeElement?.getAttribute('role') !== 'listbox') return false
      const ids = tab === 'orders' ? lists.orders.map((q) => q.order.id) : lists.riders.map((r) => r.id)
      const id = neighbour(ids, selected?.id, key.toLowerCase() === 'j' || key === 'ArrowDown' ? 1 : -1)
      if (id) select({ kind: tab === 'orders' ? 'order' : 'rider', id })
      return true
    }
    case 'Enter':
      if (!selected || (document.activeElement && /^(BUTTON|A)$/.test(document.activeElement.tagName))) return false
      useUi.setState({ located: ui.located + 1 })
      return true
    case 'a':
      if (selected?.kind === 'order') useUi.setState({ candidatesAsked: ui.candidatesAsked + 1 })
      return true
    case 'u': {
      const o = selected?.kind === 'order' ? useLive.getState().orders.get(selected.id) : undefined
      if (o && unassignable(o.state)) useUi.setState({ dialog: 'unassign' })
      return true
    }
    case 'h': {
      const { orders } = useLive.getState()
      const o = selected?.kind === 'order' ? orders.get(selected.id) : selected && first(orders.values(), selected.id)
      if (o && o.rider_id && givable(o.state)) useUi.setState({ dialog: 'handover' })
      return true
    }
    case 'f': {
      const live = useLive.getState()
      const rider = selected?.kind === 'rider' ? selected.id : selected ? live.orders.get(selected.id)?.rider_id : ''
      if (rider) useUi.setState({ following: ui.following === rider ? '' : rider })
      return true
    }
    case 'z':
      if (ui.undo && ui.undo.until > performance.now()) ui.undo.run()
      return true
    case 't':
      useUi.setState({ tab: tab === 'orders' ? 'riders' : 'orders' })
      return true
    case '/':
      document.querySelector<HTMLInputElement>('[data-search]')?.focus()
      return true
    case '?':
      useUi.setState({ help: true })
      return true
    case 'Escape':
      if (ui.following) useUi.setState({ following: '' })
      else if (selected) select(null)
      else if (tab === 'orders' ? ui.orderText : ui.riderText) useUi.setState(tab === 'orders' ? { orderText: '' } : { riderText: '' })
      return true
    default:
      if (/^[1-9]$/.test(key) && pick.current) {
        pick.current(Number(key))
        return true
      }
      return false
  }
}
