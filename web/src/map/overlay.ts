// Everything that moves, on one canvas above the base map: riders between their fixes, stores, drop-offs, the selected way.
// Redrawn at most 30 times a second and only while something moves; the base map below is not repainted for it.
import type { Map as BaseMap } from 'maplibre-gl'
import type { RiderRow } from '../api/types'
import { mercatorX, mercatorY, progress, type Track, type Tracks } from '../live/tracks'
import { isException } from '../queue/bands'
import { HitGrid } from './grid'
import type { Scene } from './scene'
import { dropSize, dropSprite, palettes, riderSize, riderSprite, storeSize, storeSprite, type Scheme, type Tier } from './sprites'

export type Hit = { kind: 'rider' | 'store' | 'order'; id: string; x: number; y: number }
export interface Way { points: { x: number; y: number; label: string; kind: 'pickup' | 'dropoff' | 'hand_over' | 'take_over' }[]; rider: string; ghost: boolean }
export interface Selected { rider: string; order: string }

interface Shown { row: RiderRow; track: Track }

const frameMs = 33
const none: Selected = { rider: '', order: '' }

export class Overlay {
  private ctx: CanvasRenderingContext2D
  private grid = new HitGrid()
  private gridFrame = -1
  private frame = 0
  private riders: Shown[] = []
  private source: ReadonlyMap<string, RiderRow> = new Map()
  private scene: Scene = { stores: [], drops: [] }
  private ways: Way[] = []
  private selected = none
  private hovered = ''
  private dirty = true
  private raf = 0
  private last = 0
  private visibleMs = frameMs
  private speed = 1
  private cost = 8 // ms a frame takes, averaged
  private times: number[] = []
  private riderTier: Tier = 2
  private width = 0
  private height = 0
  private dpr = 1
  // What was drawn last, for hits: positions, and what each is.
  private xs = new Float32Array(1024)
  private ys = new Float32Array(1024)
  private what: (Shown | { store: number } | { drop: number })[] = []
  private n = 0

  constructor(private canvas: HTMLCanvasElement, private map: BaseMap, private tracks: Tracks, private scheme: Scheme) {
    this.ctx = canvas.getContext('2d')!
    this.resize()
    map.on('render', this.onMap) // in step with the base map, so that nothing swims while panning
    map.on('resize', this.resize)
    this.raf = requestAnimationFrame(this.loop)
  }

  destroy() {
    cancelAnimationFrame(this.raf)
    this.map.off('render', this.onMap)
    this.map.off('resize', this.resize)
  }

  setSpeed(s: number) { this.speed = s }
  setScheme(s: Scheme) { this.scheme = s; this.dirty = true }
  setScene(s: Scene) { this.scene = s; this.dirty = true }
  setWays(w: Way[]) { this.ways = w; this.dirty = true }
  setSelected(s: Selected) { this.selected = s; this.dirty = true }
  setHovered(id: string) { if (id !== this.hovered) { this.hovered = id; this.dirty = true } }
  setRiders(rows: ReadonlyMap<string, RiderRow>) { this.source = rows; this.collect(); this.dirty = true }

  private collect() {
    this.riders = []
    for (const row of this.source.values()) {
      const track = this.tracks.all.get(row.id)
      if (track && row.presence !== 'offline') this.riders.push({ row, track })
    }
    // Working riders on top of idle ones, both above stale ones.
    const rank = { offline: 0, stale: 0, idle: 1, working: 2 }
    this.riders.sort((a, b) => rank[a.row.presence] - rank[b.row.presence])
  }

  private resize = () => {
    const box = this.canvas.parentElement!
    this.width = box.clientWidth
    this.height = box.clientHeight
    this.dpr = Math.min(2, window.devicePixelRatio || 1)
    this.canvas.width = Math.round(this.width * this.dpr)
    this.canvas.height = Math.round(this.height * this.dpr)
    this.canvas.style.width = `${this.width}px`
    this.canvas.style.height = `${this.height}px`
    this.dirty = true
  }

  private onMap = () => this.draw(performance.now())

  private loop = (t: number) => {
    this.raf = requestAnimationFrame(this.loop)
    // A slow machine gets fewer frames rather than a busy page.
    const since = t - this.last
    if (since < Math.max(frameMs - 4, this.cost * 2.5)) return
    if (this.dirty || (this.tracks.moving(t) && since >= this.visibleMs)) this.draw(performance.now())
  }

  // The view, as offset and scale from Mercator to the screen.
  private view() {
    const c = this.map.getCenter()
    const scale = 512 * 2 ** this.map.getZoom()
    return { scale, dx: this.width / 2 - mercatorX(c.lng) * scale, dy: this.height / 2 - mercatorY(c.lat) * scale }
  }

  place(t: Track, now: number): [number, number] {
    const k = progress(t, now)
    return [t.x0 + (t.x1 - t.x0) * k, t.y0 + (t.y1 - t.y0) * k]
  }

  private push(x: number, y: number, what: (typeof this.what)[number]) {
    if (this.n === this.xs.length) {
      const xs = new Float32Array(this.n * 2)
      xs.set(this.xs)
      this.xs = xs
      const ys = new Float32Array(this.n * 2)
      ys.set(this.ys)
      this.ys = ys
    }
    this.xs[this.n] = x
    this.ys[this.n] = y
    this.what[this.n++] = what
  }

  private draw(now: number) {
    const begin = performance.now()
    this.last = now
    this.dirty = false
    this.frame++
    this.n = 0
    const { ctx, dpr, width, height } = this
    ctx.setTransform(dpr, 0, 0, dpr, 0, 0)
    ctx.clearRect(0, 0, width, height)
    const v = this.view()
    const zoom = this.map.getZoom()
    this.visibleMs = visibleAfter(zoom, this.map.getCenter().lat, this.speed)
    this.drawWays(v, now)
    this.drawOrders(v, zoom, false)
    this.drawRiders(v, now, zoom)
    this.drawOrders(v, zoom, true) // what needs somebody lies on top
    this.drawMarked(v, now)
    const took = performance.now() - begin
    this.cost += (took - this.cost) * 0.1
    this.times.push(now)
    if (this.times.length > 60) this.times.shift()
  }

  private inView = (x: number, y: number) => x > -16 && y > -16 && x < this.width + 16 && y < this.height + 16

  private drawOrders(v: ReturnType<Overlay['view']>, zoom: number, urgent: boolean) {
    const { ctx, dpr, scheme } = this
    const many = this.scene.stores.length > 600 || this.scene.drops.length > 600
    const tier: Tier = zoom >= (many ? 14 : 12.6) ? 2 : zoom >= (many ? 12.6 : 11.4) ? 1 : 0
    for (let i = 0; i < this.scene.stores.length; i++) {
      const s = this.scene.stores[i]!
      if (isException(s.band) !== urgent || (!s.orders.length && tier === 0)) continue
      const x = s.x * v.scale + v.dx
      const y = s.y * v.scale + v.dy
      if (!this.inView(x, y)) continue
      const size = storeSize(s.orders.length, tier)
      ctx.drawImage(storeSprite(s.band, s.orders.length, tier, scheme, dpr), x - size / 2, y - size / 2, size, size)
      this.push(x, y, { store: i })
    }
    for (let i = 0; i < this.scene.drops.length; i++) {
      const d = this.scene.drops[i]!
      if (isException(d.band) !== urgent) continue
      const x = d.x * v.scale + v.dx
      const y = d.y * v.scale + v.dy
      if (!this.inView(x, y)) continue
      // From far, only what is not well stands out.
      const t: Tier = d.band === 'late' || d.band === 'risk' ? tier : tier === 2 ? 1 : 0
      const size = dropSize[t]
      ctx.globalAlpha = t === 0 && d.band === 'ok' ? 0.55 : 1
      ctx.drawImage(dropSprite(d.band, t, scheme, dpr), x - size / 2, y - size / 2, size, size)
      this.push(x, y, { drop: i })
    }
    ctx.globalAlpha = 1
    if (urgent && zoom >= 14.5) this.labels(this.scene.stores.map((s) => [s.name, s.x * v.scale + v.dx, s.y * v.scale + v.dy - 14] as const), 120)
  }

  private drawRiders(v: ReturnType<Overlay['view']>, now: number, zoom: number) {
    const { ctx, dpr, scheme } = this
    const first = this.n
    for (const r of this.riders) {
      const [mx, my] = this.place(r.track, now)
      const x = mx * v.scale + v.dx
      const y = my * v.scale + v.dy
      if (this.inView(x, y)) this.push(x, y, r)
    }
    const shown = this.n - first
    this.riderTier = tierFor(shown, this.riderTier)
    const size = riderSize[this.riderTier]
    if (this.riderTier === 0) this.drawDots(first)
    else for (let i = first; i < this.n; i++) {
      const r = this.what[i] as Shown
      ctx.drawImage(riderSprite(r.row.presence, r.track.heading, this.riderTier, scheme, dpr), this.xs[i]! - size / 2, this.ys[i]! - size / 2, size, size)
    }
    if (zoom >= 14 && shown <= 60) {
      this.labels(this.what.slice(first, this.n).map((w, i) => [(w as Shown).row.name, this.xs[first + i]!, this.ys[first + i]! + 19] as const), 60)
    }
  }

  // Thousands at once are dots, on whole pixels: that is several times cheaper than a path or a copied mark.
  private drawDots(first: number) {
    const { ctx } = this
    const p = palettes[this.scheme]
    for (const [presence, size, colour] of [['stale', 2, p.stale], ['idle', 2, p.idle], ['working', 4, p.working]] as const) {
      ctx.globalAlpha = presence === 'working' ? 0.9 : 0.65
      ctx.fillStyle = colour
      for (let i = first; i < this.n; i++) {
        if ((this.what[i] as Shown).row.presence === presence) ctx.fillRect(Math.round(this.xs[i]!) - size / 2, Math.round(this.ys[i]!) - size / 2, size, size)
      }
    }
    ctx.globalAlpha = 1
  }

  private labels(all: (readonly [text: string, x: number, y: number])[], most: number) {
    const { ctx } = this
    const p = palettes[this.scheme]
    ctx.font = '500 11px "Inter Variable", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
    ctx.textAlign = 'center'
    ctx.textBaseline = 'middle'
    ctx.lineWidth = 3
    ctx.lineJoin = 'round'
    ctx.strokeStyle = p.halo
    ctx.fillStyle = p.text
    const taken: [x: number, y: number, half: number][] = []
    for (const [text, x, y] of all) {
      if (!this.inView(x, y) || taken.length >= most) continue
      const half = ctx.measureText(text).width / 2 + 3
      if (taken.some(([tx, ty, th]) => Math.abs(tx - x) < th + half && Math.abs(ty - y) < 13)) continue // no name over another
      taken.push([x, y, half])
      ctx.strokeText(text, x, y)
      ctx.fillText(text, x, y)
    }
  }

  private drawWays(v: ReturnType<Overlay['view']>, now: number) {
    const { ctx } = this
    const p = palettes[this.scheme]
    for (const w of this.ways) {
      const track = this.tracks.all.get(w.rider)
      const points = w.points.map((q) => [q.x * v.scale + v.dx, q.y * v.scale + v.dy] as const)
      const start = track ? this.place(track, now) : null
      ctx.beginPath()
      if (start) ctx.moveTo(start[0] * v.scale + v.dx, start[1] * v.scale + v.dy)
      for (const [x, y] of points) ctx.lineTo(x, y)
      ctx.lineJoin = ctx.lineCap = 'round'
      ctx.setLineDash([])
      ctx.lineWidth = w.ghost ? 5 : 7
      ctx.strokeStyle = p.halo
      ctx.globalAlpha = 0.85
      ctx.stroke()
      ctx.globalAlpha = 1
      ctx.lineWidth = w.ghost ? 2.5 : 3.5
      ctx.strokeStyle = w.ghost ? p.ghost : p.route
      if (w.ghost) ctx.setLineDash([7, 6])
      ctx.stroke()
      ctx.setLineDash([])
    }
  }

  // The selection and the numbers of its stops, above all else.
  private drawMarked(v: ReturnType<Overlay['view']>, now: number) {
    const { ctx } = this
    const p = palettes[this.scheme]
    for (const w of this.ways) {
      ctx.font = '700 11px "Inter Variable", sans-serif'
      ctx.textAlign = 'center'
      ctx.textBaseline = 'middle'
      const colour = w.ghost ? p.ghost : p.route
      for (const q of w.points) {
        const x = q.x * v.scale + v.dx
        const y = q.y * v.scale + v.dy
        ctx.beginPath()
        if (q.kind === 'pickup') ctx.roundRect(x - 9, y - 9, 18, 18, 4.5)
        else ctx.arc(x, y, 9.5, 0, 7)
        ctx.fillStyle = p.ground
        ctx.strokeStyle = colour
        ctx.lineWidth = 2.5
        ctx.fill()
        ctx.stroke()
        ctx.fillStyle = p.text
        ctx.fillText(q.label, x, y + 0.5)
      }
    }
    for (const id of new Set([this.selected.rider, this.hovered])) {
      const track = id ? this.tracks.all.get(id) : undefined
      if (!track) continue
      const [mx, my] = this.place(track, now)
      this.ring(mx * v.scale + v.dx, my * v.scale + v.dy, 13, id === this.hovered ? 1.5 : 2.5)
      if (id === this.selected.rider) {
        const row = this.source.get(id)
        const size = riderSize[2]
        if (row) {
          ctx.drawImage(riderSprite(row.presence, track.heading, 2, this.scheme, this.dpr), mx * v.scale + v.dx - size / 2, my * v.scale + v.dy - size / 2, size, size)
          this.labels([[row.name, mx * v.scale + v.dx, my * v.scale + v.dy + 22]], 1)
        }
      }
    }
    if (this.hovered) {
      const s = this.scene.stores.find((m) => m.id === this.hovered) ?? this.scene.drops.find((m) => m.id === this.hovered)
      if (s) this.ring(s.x * v.scale + v.dx, s.y * v.scale + v.dy, 13, 1.5)
    }
  }

  private ring(x: number, y: number, r: number, line: number) {
    const { ctx } = this
    const p = palettes[this.scheme]
    ctx.beginPath()
    ctx.arc(x, y, r, 0, 7)
    ctx.strokeStyle = p.halo
    ctx.lineWidth = line + 3
    ctx.stroke()
    ctx.strokeStyle = p.select
    ctx.lineWidth = line
    ctx.stroke()
  }

  hit(x: number, y: number): Hit | null {
    if (this.gridFrame !== this.frame) {
      this.grid.build(this.xs, this.ys, this.n, this.width, this.height)
      this.gridFrame = this.frame
    }
    // What is urgent is easier to hit than what merely stands there.
    const i = this.grid.nearest(x, y, 14, (k) => {
      const w = this.what[k]!
      if ('store' in w) return this.scene.stores[w.store]!.orders.length ? 2 : -4
      if ('drop' in w) return this.scene.drops[w.drop]!.band === 'ok' ? 0 : 2
      return 1
    })
    const w = i < 0 ? undefined : this.what[i]
    if (!w) return null
    const at = { x: this.xs[i]!, y: this.ys[i]! }
    if ('store' in w) return { kind: 'store', id: this.scene.stores[w.store]!.id, ...at }
    if ('drop' in w) return { kind: 'order', id: this.scene.drops[w.drop]!.id, ...at }
    return { kind: 'rider', id: w.row.id, ...at }
  }

  // For tests, instead of comparing pixels.
  probe() {
    const list = { riders: [] as Hit[], stores: [] as Hit[], drops: [] as Hit[] }
    for (let i = 0; i < this.n; i++) {
      const w = this.what[i]!
      const at = { x: this.xs[i]!, y: this.ys[i]! }
      if ('store' in w) {
        const s = this.scene.stores[w.store]!
        if (s.orders.length) list.stores.push({ kind: 'store', id: s.id, ...at })
      } else if ('drop' in w) list.drops.push({ kind: 'order', id: this.scene.drops[w.drop]!.id, ...at })
      else list.riders.push({ kind: 'rider', id: w.row.id, ...at })
    }
    const span = (this.times.at(-1) ?? 0) - (this.times[0] ?? 0)
    return { ...list, tier: this.riderTier, fps: span > 0 ? ((this.times.length - 1) * 1000) / span : 0, frameMs: this.cost, ways: this.ways.length }
  }
}

// visibleAfter is how long a fast rider (10 m/s) takes for a quarter of a pixel: drawing more often shows nothing new.
export function visibleAfter(zoom: number, lat: number, speed = 1): number {
  const metresPerPixel = (78271.5 * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom
  return Math.max(frameMs - 4, Math.min(250, (metresPerPixel / (10 * speed)) * 250))
}

// tierFor keeps to the present detail near a border, so that marks don't flicker between two sizes.
export function tierFor(shown: number, before: Tier): Tier {
  const slack = 1.15
  const low = before === 2 ? 260 * slack : 260
  const high = before === 0 ? 1400 / slack : 1400
  return shown <= low ? 2 : shown <= high ? 1 : 0
}
