// A zone's outline is a heap of rings; polygons need to know which are holes of which. Pure.
import type { LatLng } from '../api/types'

export type Ring = [lng: number, lat: number][]

export function polygonsOf(outline: readonly (readonly LatLng[])[]): Ring[][] {
  const rings = outline.filter((r) => r.length >= 3).map(closed)
  const polygons: Ring[][] = []
  // The big ones first: whatever holds a ring has been seen before it.
  for (const ring of rings.sort((a, b) => area(b) - area(a))) {
    const around = polygons.filter((p) => inside(ring[0]!, p[0]!) && !p.slice(1).some((hole) => inside(ring[0]!, hole)))
    const host = around.at(-1)
    if (host) host.push(ring)
    else polygons.push([ring])
  }
  return polygons
}

function closed(r: readonly LatLng[]): Ring {
  const ring: Ring = r.map((p) => [p.lng, p.lat])
  const [a, b] = [ring[0]!, ring.at(-1)!]
  if (a[0] !== b[0] || a[1] !== b[1]) ring.push([a[0], a[1]])
  return ring
}

function area(r: Ring): number {
  let s = 0
  for (let i = 1; i < r.length; i++) s += r[i - 1]![0] * r[i]![1] - r[i]![0] * r[i - 1]![1]
  return Math.abs(s / 2)
}

function inside([x, y]: [number, number], r: Ring): boolean {
  let is = false
  for (let i = 0, j = r.length - 1; i < r.length; j = i++) {
    const [xi, yi] = r[i]!
    const [xj, yj] = r[j]!
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) is = !is
  }
  return is
}

export function boundsOf(outline: readonly (readonly LatLng[])[]): [[number, number], [number, number]] | null {
  let [w, s, e, n] = [180, 90, -180, -90]
  for (const r of outline) for (const p of r) {
    w = Math.min(w, p.lng); e = Math.max(e, p.lng); s = Math.min(s, p.lat); n = Math.max(n, p.lat)
  }
  return w < e ? [[w, s], [e, n]] : null
}
