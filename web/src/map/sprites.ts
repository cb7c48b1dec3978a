// The marks of the overlay, drawn once per kind, size and theme, then only copied. Shape tells as much as colour does.
import type { Presence } from '../api/types'
import type { Band } from '../queue/bands'

export type Scheme = 'light' | 'dark'
export type Tier = 0 | 1 | 2 // detail: dots, small marks, full marks

interface Palette {
  halo: string; ink: string; ground: string; text: string; idle: string; working: string; stale: string; select: string; route: string; ghost: string
  band: Record<Band, string>; onBand: Record<Band, string>
}

export const palettes: Record<Scheme, Palette> = {
  light: {
    halo: '#ffffff', ink: '#191e25', ground: '#ffffff', text: '#191e25', idle: '#12804d', working: '#1d5fd1', stale: '#7d8894', select: '#0b1f44', route: '#1d5fd1', ghost: '#6238b8',
    band: { late: '#cf2434', risk: '#f0a325', waiting: '#7447cf', ok: '#4d5966', done: '#a9b2bc' },
    onBand: { late: '#ffffff', risk: '#3a2300', waiting: '#ffffff', ok: '#ffffff', done: '#ffffff' },
  },
  dark: {
    halo: '#0f1318', ink: '#e6e9ed', ground: '#181c21', text: '#e6e9ed', idle: '#4fd08c', working: '#79a6ff', stale: '#87919c', select: '#ffffff', route: '#8fb3f9', ghost: '#c5adff',
    band: { late: '#ff6b6b', risk: '#ffc247', waiting: '#b394ff', ok: '#aeb8c3', done: '#5b6570' },
    onBand: { late: '#2a0709', risk: '#2d1c00', waiting: '#1c0f3d', ok: '#14181d', done: '#14181d' },
  },
}

const headings = 24
const cache = new Map<string, ImageBitmap>()
let cacheDpr = 0

// A sprite's drawing is centred; size is its side in CSS pixels.
function sprite(key: string, size: number, dpr: number, draw: (c: OffscreenCanvasRenderingContext2D) => void): ImageBitmap {
  if (dpr !== cacheDpr) {
    cache.clear()
    cacheDpr = dpr
  }
  let s = cache.get(key)
  if (!s) {
    const canvas = new OffscreenCanvas(Math.ceil(size * dpr), Math.ceil(size * dpr))
    const c = canvas.getContext('2d')!
    c.scale(dpr, dpr)
    c.translate(size / 2, size / 2)
    draw(c)
    s = canvas.transferToImageBitmap() // immutable, so that copying it needs no look at a canvas
    cache.set(key, s)
  }
  return s
}

export const riderSize: Record<Tier, number> = { 0: 8, 1: 14, 2: 22 }
export const dropSize: Record<Tier, number> = { 0: 9, 1: 13, 2: 20 }

export function riderSprite(presence: Presence, heading: number | null, tier: Tier, scheme: Scheme, dpr: number): ImageBitmap {
  const size = riderSize[tier]
  const step = presence === 'working' && heading != null ? Math.round((((heading % 360) + 360) % 360) / (360 / headings)) % headings : -1
  return sprite(`r${presence}${step}${tier}${scheme}`, size, dpr, (c) => {
    const p = palettes[scheme]
    const r = size / 2 - (tier === 0 ? 1.4 : tier === 1 ? 2.6 : 4)
    const line = tier === 0 ? 1 : tier === 1 ? 1.5 : 2
    c.lineJoin = 'round'
    if (presence === 'working') {
      c.fillStyle = p.working
      c.strokeStyle = p.halo
      c.lineWidth = line
      c.beginPath()
      if (step >= 0) {
        // An arrowhead that points where the rider heads.
        c.rotate((step * 2 * Math.PI) / headings)
        const k = tier === 0 ? 1.35 : 1.3
        c.moveTo(0, -r * k)
        c.lineTo(r * 0.95 * k, r * 0.9 * k)
        c.lineTo(0, r * 0.45 * k)
        c.lineTo(-r * 0.95 * k, r * 0.9 * k)
        c.closePath()
      } else c.arc(0, 0, r * 0.85, 0, 7)
      c.fill()
      c.stroke()
      return
    }
    if (presence === 'idle') {
      // A ring: room inside.
      // Quieter than those at work.
      c.beginPath()
      c.arc(0, 0, tier === 2 ? r * 0.72 : r * 0.85, 0, 7)
      c.fillStyle = p.ground
      c.fill()
      c.lineWidth = line * 2.2
      c.strokeStyle = p.halo
      c.stroke()
      c.lineWidth = line * 1.15
      c.strokeStyle = p.idle
      c.stroke()
      return
    }
    // Old position: a grey cross.
    const d = r * 0.85
    const cross = () => {
      c.beginPath()
      c.moveTo(-d, -d)
      c.lineTo(d, d)
      c.moveTo(d, -d)
      c.lineTo(-d, d)
      c.stroke()
    }
    c.lineCap = 'round'
    c.strokeStyle = p.halo
    c.lineWidth = line * 2.4
    cross()
    c.strokeStyle = p.stale
    c.lineWidth = line * 1.2
    cross()
  })
}

// A drop-off: diamond when all is well, triangle at risk, octagon when late: the same signs as in the list.
export function dropSprite(band: Band, tier: Tier, scheme: Scheme, dpr: number): ImageBitmap {
  const size = dropSize[tier]
  return sprite(`d${band}${tier}${scheme}`, size, dpr, (c) => {
    const p = palettes[scheme]
    bandShape(c, band, size / 2 - (tier === 0 ? 1 : 2))
    c.fillStyle = p.band[band]
    c.strokeStyle = p.halo
    c.lineWidth = tier === 0 ? 1 : 1.6
    c.lineJoin = 'round'
    c.stroke()
    c.fill()
    if (tier === 2 && (band === 'late' || band === 'risk')) {
      c.fillStyle = p.onBand[band]
      const up = band === 'risk' ? 1.5 : 0
      c.fillRect(-1, -4.4 + up, 2, 5)
      c.fillRect(-1, 2 + up, 2, 2)
    }
  })
}

function bandShape(c: OffscreenCanvasRenderingContext2D, band: Band, r: number) {
  c.beginPath()
  if (band === 'late') {
    for (let i = 0; i < 8; i++) c.lineTo(r * Math.cos(Math.PI / 8 + (i * Math.PI) / 4), r * Math.sin(Math.PI / 8 + (i * Math.PI) / 4))
  } else if (band === 'risk') {
    c.moveTo(0, -r)
    c.lineTo(r * 1.05, r * 0.85)
    c.lineTo(-r * 1.05, r * 0.85)
  } else {
    c.moveTo(0, -r * 0.95)
    c.lineTo(r * 0.95, 0)
    c.lineTo(0, r * 0.95)
    c.lineTo(-r * 0.95, 0)
  }
  c.closePath()
}

export const storeSize = (count: number, tier: Tier): number => (count === 0 ? (tier === 2 ? 10 : 6) : tier === 0 ? 10 : tier === 1 ? 14 : 24)

// A store: a square, hollow when nothing waits there; else filled by its most urgent order, with the number of orders.
export function storeSprite(band: Band, count: number, tier: Tier, scheme: Scheme, dpr: number): ImageBitmap {
  const shown = tier === 2 ? Math.min(count, 99) : Math.min(count, 1)
  const size = storeSize(count, tier)
  return sprite(`s${band}${shown}${tier}${scheme}`, size, dpr, (c) => {
    const p = palettes[scheme]
    const r = count === 0 ? size / 2 - 1.5 : tier === 2 ? 8 : size / 2 - 1.5
    c.beginPath()
    c.roundRect(-r, -r, r * 2, r * 2, count === 0 ? 1.5 : tier === 2 ? 4.5 : 2.5)
    c.lineWidth = count === 0 ? 1.2 : 2
    if (count === 0) {
      c.fillStyle = p.ground
      c.strokeStyle = p.band.done
      c.fill()
      c.stroke()
      return
    }
    c.strokeStyle = p.halo
    c.fillStyle = p.band[band]
    c.stroke()
    c.fill()
    if (tier < 2) return
    c.fillStyle = p.onBand[band]
    c.font = `700 ${shown > 9 ? 9.5 : 11}px "Inter Variable", sans-serif`
    c.textAlign = 'center'
    c.textBaseline = 'middle'
    c.fillText(String(shown), 0, 0.7)
    if (band === 'late' || band === 'risk') {
      // The same sign as in the list, at the corner.
      c.translate(7, -7)
      bandShape(c, band, 4.6)
      c.strokeStyle = p.halo
      c.lineWidth = 2
      c.fillStyle = p.band[band]
      c.stroke()
      c.fill()
      c.fillStyle = p.onBand[band]
      c.fillRect(-0.6, -2.2, 1.2, 2.6)
      c.fillRect(-0.6, 1.2, 1.2, 1.2)
    }
  })
}
