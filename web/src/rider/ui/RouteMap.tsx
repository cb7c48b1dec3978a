import 'maplibre-gl/dist/maplibre-gl.css'
import type { Feature } from 'geojson'
import { addProtocol, AttributionControl, LngLatBounds, Map as BaseMap, Marker, setWorkerUrl, type GeoJSONSource, type StyleSpecification } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { Protocol } from 'pmtiles'
import { useEffect, useRef, useState, useMemo } from 'react'
import type { Settings } from '../../api/types'
import { grounds, groundFor, kilometres } from '../../map/style'
import type { LatLng } from '../api'
import { useRider } from '../state'
import type { Step } from '../work/step'
import { useLang, useWords } from '../words'
import { useScheme, type Scheme } from './hooks'

setWorkerUrl(workerUrl)
addProtocol('pmtiles', new Protocol().tile)

interface Props { steps: Step[]; basemap: Settings['basemap'] }

// RouteMap shows the way from stop to stop, on the console's ground.
export default function RouteMap({ steps, basemap }: Props) {
  const t = useWords()
  const lang = useLang()
  const scheme = useScheme()
  const here = useRider((s) => s.here)
  const box = useRef<HTMLDivElement>(null)
  const [map, setMap] = useState<BaseMap | null>(null)

  const places = steps.map((s) => s.stop.location)
  const all = useMemo(() => here ? [here, ...places] : places, [here, places])
  const key = places.map((p) => `${p.lat},${p.lng}`).join(';')
  const begin = useRef({ all, basemap, scheme, lang })

  useEffect(() => {
    const b = begin.current
    const m = new BaseMap({
      container: box.current!, style: b.basemap.kind === 'style' ? b.basemap.url : styleOf(b.basemap, b.scheme, b.lang, b.all), attributionControl: false,
      center: b.all[0] ?? [0, 20], zoom: b.all.length ? 14 : 1, dragRotate: false, touchPitch: false, maxZoom: 18, fadeDuration: 0,
    })
    m.touchZoomRotate.disableRotation()
    if (b.basemap.kind !== 'none') m.addControl(new AttributionControl({ compact: true }), 'bottom-right')
    m.once('load', () => setMap(m))
    return () => {
      setMap(null)
      m.remove()
    }
  }, [])

  // Fit what is still to be done, when that changes.
  const found = all.length > 0
  const fitted = useRef('')
  useEffect(() => {
    if (!map || !found || fitted.current === key) return
    fitted.current = key
    const b = new LngLatBounds()
    for (const p of all) b.extend(p)
    map.fitBounds(b, { padding: { top: 40, bottom: 64, left: 44, right: 44 }, maxZoom: 16, animate: false })
  }, [map, key, found, all])

  const drawn = useRef('')
  useEffect(() => { // the look
    if (!map) return
    const look = `${scheme}${lang}${key}`
    if (drawn.current === look) return
    drawn.current = look
    if (basemap.kind === 'style') map.setStyle(basemap.url, { diff: false, transformStyle: (_, next) => withWay(next, scheme) })
    else map.setStyle(styleOf(basemap, scheme, lang, places))
  }, [map, scheme, lang, key, basemap, places])

  useEffect(() => { // the way, from where the rider is
    if (!map) return
    const draw = () => (map.getSource('way') as GeoJSONSource | undefined)?.setData(line(all))
    draw()
    map.on('styledata', draw)
    return () => void map.off('styledata', draw)
  }, [map, all])

  useEffect(() => { // the stops, in order
    if (!map) return
    const marks = steps.map((s, i) => {
      const el = document.createElement('div')
      el.className = `mark mark-${s.where}`
      el.textContent = String(i + 1)
      return new Marker({ element: el }).setLngLat(s.stop.location).addTo(map)
    })
    return () => marks.forEach((m) => m.remove())
  }, [map, steps])

  useEffect(() => {
    if (!map || !here) return
    const el = document.createElement('div')
    el.className = 'you'
    el.title = t.route.you
    const m = new Marker({ element: el }).setLngLat(here).addTo(map)
    return () => void m.remove()
  }, [map, here, t])

  return <div ref={box} className="mapbox" data-ready={map !== null} data-testid="map" />
}

const line = (places: LatLng[]): Feature => ({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: places.length > 1 ? places.map((p) => [p.lng, p.lat]) : [] } })

function styleOf(basemap: Settings['basemap'], scheme: Scheme, lang: string, places: LatLng[]): StyleSpecification {
  const style = groundFor(basemap, scheme, lang)
  if (basemap.kind === 'none' && places.length) {
    style.sources.grid = { type: 'geojson', data: kilometres([[places.map((p): [number, number] => [p.lng, p.lat])]]) }
    style.layers.push({ id: 'grid', type: 'line', source: 'grid', paint: { 'line-color': grounds[scheme].grid, 'line-width': 1 } })
  }
  return withWay(style, scheme)
}

function withWay(style: StyleSpecification, scheme: Scheme): StyleSpecification {
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const
  return {
    ...style, sources: { ...style.sources, way: { type: 'geojson', data: line([]) } },
    layers: [...style.layers,
      { id: 'way-case', type: 'line', source: 'way', layout: round, paint: { 'line-color': scheme === 'dark' ? '#0f1215' : '#ffffff', 'line-width': 8 } },
      { id: 'way', type: 'line', source: 'way', layout: round, paint: { 'line-color': scheme === 'dark' ? '#8fb3f9' : '#1d5fd1', 'line-width': 4.5 } }],
  }
}
