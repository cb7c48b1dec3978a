// What the dispatcher is looking at. The address bar repeats the zone and the selection, so that a link shows the same.
import { create } from 'zustand'
import type { Presence } from './api/types'
import type { Band } from './queue/bands'

export type Selection = { kind: 'order' | 'rider'; id: string } | null
export interface Preview { order: string; rider: string }
export interface Undo { order: string; run: () => void; until: number }

interface Ui {
  selected: Selection
  tab: 'orders' | 'riders'
  orderText: string
  riderText: string
  bands: ReadonlySet<Band>
  presences: ReadonlySet<Presence>
  following: string // a rider
  preview: Preview | null // a candidate under the pointer: its way is drawn on the map
  left: number
  right: number
  help: boolean
  legend: boolean
  undo: Undo | null
  candidatesAsked: number // grows when A is pressed: the candidates scroll into view
  dialog: 'unassign' | 'cancel' | 'handover' | null
  located: number // grows when the map should go to the selection
}

const kept = <T>(key: string, otherwise: T): T => {
  try {
    const v = localStorage.getItem(`paidan.${key}`)
    return v === null ? otherwise : (JSON.parse(v) as T)
  } catch {
    return otherwise
  }
}
export const keep = (key: string, value: unknown) => {
  try {
    localStorage.setItem(`paidan.${key}`, JSON.stringify(value))
  } catch { /* then it is forgotten */ }
}

export const keptZone = () => kept('zone', '')
export const keptTenant = () => kept('tenant', '')

export function selectionOf(path: string): Selection {
  const m = /^\/(orders|riders)\/([a-z]{3}_\w+)$/.exec(path)
  return m ? { kind: m[1] === 'orders' ? 'order' : 'rider', id: m[2]! } : null
}

export const useUi = create<Ui>()(() => ({
  selected: selectionOf(location.pathname),
  tab: location.pathname.startsWith('/riders/') ? 'riders' : 'orders',
  orderText: '',
  riderText: '',
  bands: new Set<Band>(['late', 'risk', 'waiting']),
  presences: new Set<Presence>(['stale', 'working', 'idle']),
  following: '',
  preview: null,
  left: kept('left', 340),
  right: kept('right', 400),
  help: false,
  legend: kept('legend', true),
  undo: null,
  candidatesAsked: 0,
  dialog: null,
  located: 1, // a link goes there
}))

const set = useUi.setState

export function select(selected: Selection, opts: { locate?: boolean } = {}) {
  const before = useUi.getState()
  const same = before.selected?.id === selected?.id
  set({
    selected,
    ...(!same && { preview: null, dialog: null }),
    ...(opts.locate && { located: before.located + 1 }),
  })
}

export const setWidth = (side: 'left' | 'right', px: number) => {
  const w = side === 'left' ? Math.max(280, Math.min(520, px)) : Math.max(340, Math.min(620, px))
  set(side === 'left' ? { left: w } : { right: w })
  keep(side, w)
}
export const setLegend = (legend: boolean) => {
  set({ legend })
  keep('legend', legend)
}
