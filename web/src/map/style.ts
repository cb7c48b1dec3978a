// The ground of the map: our own plain one, or a .pmtiles file (Protomaps schema of 2023) in our own light and dark layers, or
// any MapLibre style. The dispatch zones lie on top of each. No glyph files: text is drawn with the machine's own fonts.
import type { Feature } from 'geojson'
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Settings, Zone } from '../api/types'
import { polygonsOf, type Ring } from './rings'
import type { Scheme } from './sprites'

const font = ['Inter Variable', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'sans-serif']

export const grounds = {
  light: {
    outside: '#e6e9ed', inside: '#f7f8fa', grid: '#dde1e6', zone: '#1d5fd1', other: '#9aa5b1', mask: '#dfe3e8', maskOpacity: 0.45,
    earth: '#f4f4f1', green: '#dfecd9', sand: '#f0ecdf', built: '#ececea', water: '#c3dcec', waterLine: '#b3d0e4', building: '#e6e4e0', buildingLine: '#dad7d1',
    road: '#ffffff', roadCase: '#dcdcd8', major: '#ffffff', highway: '#fbe9c6', highwayCase: '#e7cf9c', path: '#dad7d0', rail: '#c9c7c4', text: '#5c6570', strong: '#3a424c', halo: '#f9f9f8', waterText: '#5280a0',
  },
  dark: {
    outside: '#0f1215', inside: '#181c21', grid: '#20262c', zone: '#8fb3f9', other: '#56606c', mask: '#0b0d10', maskOpacity: 0.45,
    earth: '#1a1e23', green: '#1c2822', sand: '#24231f', built: '#1f2328', water: '#15293a', waterLine: '#1b3247', building: '#23282e', buildingLine: '#2b3138',
    road: '#30363e', roadCase: '#15181c', major: '#39414a', highway: '#4d4636', highwayCase: '#15181c', path: '#2a3037', rail: '#373d45', text: '#929daa', strong: '#c3cad2', halo: '#14181c', waterText: '#6f9dc0',
  },
} as const

type Ground = (typeof grounds)[Scheme]

// groundFor is the ground alone: the plain one, or the file's streets.
export function groundFor(basemap: Settings['basemap'], scheme: Scheme, lang: string): StyleSpecification {
  const g = grounds[scheme]
  const base: StyleSpecification = { version: 8, sources: {}, layers: [{ id: 'ground', type: 'background', paint: { 'background-color': basemap.kind === 'none' ? g.outside : g.earth } }] }
  if (basemap.kind === 'pmtiles') {
    base.sources.base = { type: 'vector', url: `pmtiles://${new URL(basemap.url, location.origin).href}`, attribution: '© OpenStreetMap' }
    base.layers.push(...baseLayers(g, lang))
  }
  return base
}

export function styleFor(basemap: Settings['basemap'], zones: readonly Zone[], current: string, scheme: Scheme, lang: string): StyleSpecification {
  return withZones(groundFor(basemap, scheme, lang), zones, current, scheme, basemap.kind === 'none')
}

// withZones adds our layers to a style; also used on styles that are not ours, and again after each change of theme.
export function withZones(style: StyleSpecification, zones: readonly Zone[], current: string, scheme: Scheme, plain: boolean): StyleSpecification {
  const g = grounds[scheme]
  const mine = zones.filter((z) => z.id === current)
  const others = zones.filter((z) => z.id !== current)
  const shapes = mine.flatMap((z) => polygonsOf(z.outline))
  const world: Ring = [[-180, -85], [180, -85], [180, 85], [-180, 85], [-180, -85]]
  const feature = (coordinates: Ring[][]): Feature => ({ type: 'Feature', properties: {}, geometry: { type: 'MultiPolygon', coordinates } })
  const layers: LayerSpecification[] = []
  const sources: StyleSpecification['sources'] = {
    'zone': { type: 'geojson', data: feature(shapes) },
    'zones': { type: 'geojson', data: feature(others.flatMap((z) => polygonsOf(z.outline))) },
  }
  if (plain) {
    sources.grid = { type: 'geojson', data: kilometres(shapes) }
    layers.push(
      { id: 'zones-fill', type: 'fill', source: 'zones', paint: { 'fill-color': g.inside, 'fill-opacity': 0.45 } },
      { id: 'zone-fill', type: 'fill', source: 'zone', paint: { 'fill-color': g.inside } },
      { id: 'grid', type: 'line', source: 'grid', minzoom: 10, paint: { 'line-color': g.grid, 'line-width': 1 } },
    )
  } else {
    // Beyond the zone the city steps back.
    sources.beyond = { type: 'geojson', data: feature([[world, ...shapes.map((p) => p[0]!)]]) }
    layers.push({ id: 'beyond', type: 'fill', source: 'beyond', paint: { 'fill-color': g.mask, 'fill-opacity': g.maskOpacity } })
  }
  layers.push(
    { id: 'zones-line', type: 'line', source: 'zones', paint: { 'line-color': g.other, 'line-width': 1, 'line-dasharray': [3, 2] } },
    { id: 'zone-glow', type: 'line', source: 'zone', paint: { 'line-color': g.zone, 'line-width': 8, 'line-opacity': 0.1, 'line-blur': 3 } },
    { id: 'zone-line', type: 'line', source: 'zone', paint: { 'line-color': g.zone, 'line-width': 1.6, 'line-opacity': 0.75 } },
  )
  return { ...style, sources: { ...style.sources, ...sources }, layers: [...style.layers, ...layers] }
}

// A net of whole kilometres under the plain ground: a sense of distance where no street gives one.
export function kilometres(shapes: Ring[][]): Feature {
  let [w, s, e, n] = [180, 90, -180, -90]
  for (const p of shapes) for (const [lng, lat] of p[0] ?? []) {
    w = Math.min(w, lng); e = Math.max(e, lng); s = Math.min(s, lat); n = Math.max(n, lat)
  }
  const lines: number[][][] = []
  if (w < e) {
    const dLat = 1 / 110.574
    const dLng = 1 / (111.32 * Math.cos((((s + n) / 2) * Math.PI) / 180))
    const pad = 6
    const [x0, x1, y0, y1] = [w - pad * dLng, e + pad * dLng, s - pad * dLat, n + pad * dLat]
    for (let x = x0; x <= x1 && lines.length < 400; x += dLng) lines.push([[x, y0], [x, y1]])
    for (let y = y0; y <= y1 && lines.length < 800; y += dLat) lines.push([[x0, y], [x1, y]])
  }
  return { type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: lines } }
}

const kind: ExpressionSpecification = ['get', 'pmap:kind']
const among = (...kinds: string[]): ExpressionSpecification => ['match', kind, kinds, true, false]
const width = (z: number, w: number, z2: number, w2: number): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'], z, w, z2, w2]

function baseLayers(g: Ground, lang: string): LayerSpecification[] {
  const on = { source: 'base' } as const
  const name: ExpressionSpecification = lang === 'zh' ? ['coalesce', ['get', 'name:zh'], ['get', 'name']] : ['coalesce', ['get', 'name:en'], ['get', 'name']]
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const
  return [
    { id: 'earth', type: 'fill', ...on, 'source-layer': 'earth', paint: { 'fill-color': g.earth } },
    { id: 'landuse', type: 'fill', ...on, 'source-layer': 'landuse', paint: { 'fill-color': ['match', kind,
      ['park', 'cemetery', 'forest', 'grass', 'golf_course', 'nature_reserve', 'wood', 'protected_area', 'national_park', 'pitch', 'garden', 'recreation_ground', 'playground'], g.green,
      ['beach', 'sand', 'zoo', 'farmland'], g.sand, g.built], 'fill-opacity': 0.7 } },
    { id: 'natural', type: 'fill', ...on, 'source-layer': 'natural', paint: { 'fill-color': ['match', kind, ['sand', 'beach', 'bare_rock', 'scree'], g.sand, g.green], 'fill-opacity': 0.7 } },
    { id: 'water', type: 'fill', ...on, 'source-layer': 'water', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': g.water } },
    { id: 'river', type: 'line', ...on, 'source-layer': 'physical_line', paint: { 'line-color': g.waterLine, 'line-width': width(10, 0.5, 16, 4) } },
    { id: 'buildings', type: 'fill', ...on, 'source-layer': 'buildings', minzoom: 13.5, paint: { 'fill-color': g.building, 'fill-outline-color': g.buildingLine, 'fill-opacity': ['interpolate', ['linear'], ['zoom'], 13.5, 0, 14.5, 1] } },
    { id: 'rail', type: 'line', ...on, 'source-layer': 'transit', filter: among('rail'), minzoom: 11, paint: { 'line-color': g.rail, 'line-width': width(11, 0.6, 16, 2), 'line-dasharray': [4, 1.5] } },
    { id: 'paths', type: 'line', ...on, 'source-layer': 'roads', filter: among('path', 'other'), minzoom: 14, paint: { 'line-color': g.path, 'line-width': width(14, 0.5, 18, 2.5) } },
    { id: 'minor-case', type: 'line', ...on, 'source-layer': 'roads', filter: among('minor_road'), minzoom: 13, layout: round, paint: { 'line-color': g.roadCase, 'line-width': width(13, 1.2, 18, 15) } },
    { id: 'major-case', type: 'line', ...on, 'source-layer': 'roads', filter: among('major_road', 'medium_road'), minzoom: 10, layout: round, paint: { 'line-color': g.roadCase, 'line-width': width(10, 1.4, 18, 21) } },
    { id: 'highway-case', type: 'line', ...on, 'source-layer': 'roads', filter: among('highway'), layout: round, paint: { 'line-color': g.highwayCase, 'line-width': width(7, 1.5, 18, 25) } },
    { id: 'minor', type: 'line', ...on, 'source-layer': 'roads', filter: among('minor_road'), minzoom: 12, layout: round, paint: { 'line-color': g.road, 'line-width': width(12, 0.5, 18, 12) } },
    { id: 'major', type: 'line', ...on, 'source-layer': 'roads', filter: among('major_road', 'medium_road'), layout: round, paint: { 'line-color': g.major, 'line-width': width(9, 0.7, 18, 18) } },
    { id: 'highway', type: 'line', ...on, 'source-layer': 'roads', filter: among('highway'), layout: round, paint: { 'line-color': g.highway, 'line-width': width(7, 1, 18, 21) } },
    { id: 'road-names', type: 'symbol', ...on, 'source-layer': 'roads', filter: among('major_road', 'medium_road', 'minor_road'), minzoom: 14.5,
      layout: { 'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': font, 'text-size': 11, 'text-max-angle': 30, 'symbol-spacing': 320 },
      paint: { 'text-color': g.text, 'text-halo-color': g.halo, 'text-halo-width': 1.5 } },
    { id: 'water-names', type: 'symbol', ...on, 'source-layer': 'physical_line', minzoom: 12,
      layout: { 'symbol-placement': 'line', 'text-field': name, 'text-font': font, 'text-size': 11, 'symbol-spacing': 400 },
      paint: { 'text-color': g.waterText, 'text-halo-color': g.halo, 'text-halo-width': 1 } },
    { id: 'places', type: 'symbol', ...on, 'source-layer': 'places', filter: among('locality', 'neighbourhood', 'macrohood'),
      layout: { 'text-field': name, 'text-font': font, 'text-size': ['interpolate', ['linear'], ['zoom'], 9, ['match', kind, 'locality', 12, 11], 13, ['match', kind, 'locality', 16, 11.5]], 'text-max-width': 8, 'text-padding': 8 },
      paint: { 'text-color': g.strong, 'text-halo-color': g.halo, 'text-halo-width': 1.6, 'text-opacity': ['match', kind, 'locality', 1, 0.8] } },
  ]
}
