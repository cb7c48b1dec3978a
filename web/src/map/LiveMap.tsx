import 'maplibre-gl/dist/maplibre-gl.css'
import { ActionIcon, Tooltip, useComputedColorScheme } from '@mantine/core'
import { useReducedMotion } from '@mantine/hooks'
import { IconFocusCentered, IconMinus, IconPlus, IconX } from '@tabler/icons-react'
import { addProtocol, AttributionControl, Map as BaseMap, ScaleControl, setWorkerUrl, type MapMouseEvent } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { Protocol } from 'pmtiles'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Settings, Zone } from '../api/types'
import { age } from '../lib/age'
import { countdown, shortId, signedMinutes } from '../lib/format'
import { useNow, useThrottled } from '../lib/hooks'
import { mercatorX, mercatorY } from '../live/tracks'
import { now, tracks, useLive } from '../live/store'
import { standing } from '../queue/bands'
import { select, useUi } from '../ui'
import { Legend } from './Legend'
import { Overlay, type Hit, type Way } from './overlay'
import { boundsOf } from './rings'
import { sceneOf } from './scene'
import { styleFor, withZones } from './style'
import './map.css'

setWorkerUrl(workerUrl)
addProtocol('pmtiles', new Protocol().tile)

interface Props { settings: Settings; zone: Zone; zones: Zone[] }
interface View { map: BaseMap; overlay: Overlay }

declare global {
  interface Window { __ready?: boolean; __paidanTest?: unknown }
}

export default function LiveMap({ settings, zone, zones }: Props) {
  const { t, i18n } = useTranslation()
  const base = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [view, setView] = useState<View | null>(null)
  const [failed, setFailed] = useState(false)
  const [idle, setIdle] = useState(false)
  const [hover, setHover] = useState<Hit | null>(null)
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false })
  const still = useReducedMotion()
  const { basemap } = settings
  const zonesKey = useMemo(() => zones.map((z) => `${z.id}.${z.version}`).join(), [zones])

  // The map itself, once.
  const first = useRef({ basemap, zones, zone, scheme, lang: i18n.language })
  useEffect(() => {
    const f = first.current
    let map: BaseMap
    try {
      map = new BaseMap({
        container: base.current!,
        style: f.basemap.kind === 'style' ? f.basemap.url : styleFor(f.basemap, f.zones, f.zone.id, f.scheme, f.lang),
        bounds: boundsOf(f.zone.outline) ?? undefined, fitBoundsOptions: { padding: 40 }, center: f.zone.center, zoom: 12,
        attributionControl: false, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxZoom: 18, minZoom: 3, fadeDuration: 0,
        keyboard: true,
      })
    } catch {
      setFailed(true)
      return
    }
    map.touchZoomRotate.disableRotation()
    map.keyboard.disableRotation()
    if (f.basemap.kind !== 'none') map.addControl(new AttributionControl({ compact: false }), 'bottom-right')
    map.addControl(new ScaleControl({ maxWidth: 90 }), 'bottom-right')
    const overlay = new Overlay(canvas.current!, map, tracks, f.scheme)
    map.once('idle', () => setIdle(true))
    setView({ map, overlay })
    return () => {
      overlay.destroy()
      map.remove()
      setView(null)
    }
  }, [])

  // The look: base map, zones, theme and language of names.
  const styled = useRef('')
  useEffect(() => {
    if (!view) return
    const key = `${scheme}${i18n.language}${zonesKey}`
    if (styled.current === key) return
    const initial = styled.current === '' && basemap.kind !== 'style' && first.current.scheme === scheme && first.current.lang === i18n.language
    styled.current = key
    if (initial) return // the map was made so
    if (basemap.kind === 'style') {
      // setStyle drops what is not in the new style; so ours is put into it.
      view.map.setStyle(basemap.url, { diff: false, transformStyle: (_, next) => withZones(next, zones, zone.id, scheme, false) })
    } else view.map.setStyle(styleFor(basemap, zones, zone.id, scheme, i18n.language))
    view.overlay.setScheme(scheme)
  }, [view, scheme, i18n.language, zonesKey, basemap, zones, zone.id])

  useEffect(() => {
    tracks.still = still
  }, [still])

  // What is live.
  const riders = useLive((s) => s.riders)
  const orders = useThrottled(useLive((s) => s.orders), 250)
  const stores = useLive((s) => s.stores)
  const has = useLive((s) => s.hasSnapshot)
  const nowMs = useNow()
  const scene = useMemo(() => sceneOf(orders.values(), stores.values(), nowMs), [orders, stores, nowMs])
  const speed = useLive((s) => s.clock.speed)
  useEffect(() => view?.overlay.setSpeed(speed), [view, speed])
  useEffect(() => view?.overlay.setRiders(riders), [view, riders])
  useEffect(() => view?.overlay.setScene(scene), [view, scene])

  // The selection: its rider, and the way.
  const selected = useUi((s) => s.selected)
  const preview = useUi((s) => s.preview)
  const order = useLive((s) => (selected?.kind === 'order' ? s.orders.get(selected.id) : undefined))
  const riderId = selected?.kind === 'rider' ? selected.id : order?.rider_id ?? ''
  const stops = useLive((s) => s.riders.get(riderId)?.stops)
  useEffect(() => {
    if (!view) return
    const ways: Way[] = []
    if (stops?.length) {
      ways.push({ rider: riderId, ghost: false, points: stops.map((s, i) => ({ x: mercatorX(s.lng), y: mercatorY(s.lat), label: String(i + 1), kind: s.kind })) })
    } else if (order) ways.push(ownWay(order, '', false))
    if (preview && order && preview.order === order.id) ways.push(ownWay(order, preview.rider, true))
    view.overlay.setWays(ways)
    view.overlay.setSelected({ rider: preview?.rider || riderId, order: order?.id ?? '' })
  }, [view, stops, riderId, order, preview])

  // Going there: only when asked to, and only when it is not in sight.
  const located = useUi((s) => s.located)
  const goneTo = useRef(0)
  useEffect(() => {
    if (!view || !selected || located === goneTo.current) return
    const at = whereIs(selected)
    if (!at) return
    goneTo.current = located
    const p = view.map.project(at)
    const { clientWidth: w, clientHeight: h } = view.map.getContainer()
    if (p.x > 60 && p.y > 60 && p.x < w - 60 && p.y < h - 60 && view.map.getZoom() > 11) return
    view.map.easeTo({ center: at, zoom: Math.max(view.map.getZoom(), 13), duration: still ? 0 : 400 })
  }, [view, selected, located, still, has])

  // Following.
  const following = useUi((s) => s.following)
  const followName = useLive((s) => s.riders.get(following)?.name ?? '')
  useEffect(() => {
    if (!view || !following) return
    const step = () => {
      const at = whereIs({ kind: 'rider', id: following })
      if (!at) return
      const p = view.map.project(at)
      const { clientWidth: w, clientHeight: h } = view.map.getContainer()
      if (Math.hypot(p.x - w / 2, p.y - h / 2) > 24) view.map.easeTo({ center: at, zoom: Math.max(14, view.map.getZoom()), duration: still ? 0 : 600 })
    }
    step()
    const timer = setInterval(step, 1500)
    const dragged = () => useUi.setState({ following: '' })
    view.map.on('dragstart', dragged)
    return () => {
      clearInterval(timer)
      view.map.off('dragstart', dragged)
    }
  }, [view, following, still])

  // The pointer.
  const cycle = useRef({ store: '', at: 0 })
  useEffect(() => {
    if (!view) return
    const { map, overlay } = view
    let pending = 0
    let point: { x: number; y: number } | null = null
    const look = () => {
      pending = 0
      const hit = point && overlay.hit(point.x, point.y)
      overlay.setHovered(hit?.id ?? '')
      map.getCanvas().style.cursor = hit ? 'pointer' : ''
      setHover((h) => (h?.id === hit?.id && h?.kind === hit?.kind ? h : hit))
    }
    const move = (e: MapMouseEvent) => {
      point = e.point
      pending ||= requestAnimationFrame(look)
    }
    const out = () => {
      point = null
      pending ||= requestAnimationFrame(look)
    }
    const click = (e: MapMouseEvent) => {
      const hit = overlay.hit(e.point.x, e.point.y)
      if (!hit) return
      if (hit.kind !== 'store') return select({ kind: hit.kind, id: hit.id })
      // A store stands for its orders: the most urgent first, the next with each click.
      const list = sceneRef.current.stores.find((s) => s.id === hit.id)?.orders ?? []
      if (!list.length) return
      cycle.current = cycle.current.store === hit.id ? { store: hit.id, at: (cycle.current.at + 1) % list.length } : { store: hit.id, at: 0 }
      select({ kind: 'order', id: list[cycle.current.at]! })
    }
    map.on('mousemove', move)
    map.on('mouseout', out)
    map.on('movestart', out)
    map.on('click', click)
    return () => {
      cancelAnimationFrame(pending)
      map.off('mousemove', move)
      map.off('mouseout', out)
      map.off('movestart', out)
      map.off('click', click)
    }
  }, [view])
  const sceneRef = useRef(scene)
  useEffect(() => {
    sceneRef.current = scene
  }, [scene])

  // For tests.
  useEffect(() => {
    window.__paidanTest = view && { probe: () => view.overlay.probe(), zoom: () => view.map.getZoom(), map: view.map }
    window.__ready = idle && has
  }, [view, idle, has])

  const fit = () => {
    const b = boundsOf(zone.outline)
    useUi.setState({ following: '' })
    if (b) view?.map.fitBounds(b, { padding: 40, duration: still ? 0 : 400 })
  }
  return (
    <div className="map" role="application" aria-label={t('map.label')}>
      {!view && !failed && <div className="map-note">{t('map.loading')}</div>}
      {failed && <div className="map-note" role="alert">{t('map.failed')}</div>}
      <div className="base" ref={base} />
      <canvas ref={canvas} aria-hidden data-testid="overlay" />
      {hover && <Tip hit={hover} scene={scene} />}
      {following && (
        <div className="map-card map-follow">
          <span>{t('map.following', { name: followName })}</span>
          <ActionIcon size={24} variant="subtle" color="gray" c="var(--dim)" aria-label={t('map.stopFollowing')} onClick={() => useUi.setState({ following: '' })}><IconX size={15} /></ActionIcon>
        </div>
      )}
      <div className="map-tools">
        <div className="map-card">
          <Tool label={t('map.zoomIn')} onClick={() => view?.map.zoomIn({ duration: still ? 0 : 200 })}><IconPlus size={17} /></Tool>
          <Tool label={t('map.zoomOut')} onClick={() => view?.map.zoomOut({ duration: still ? 0 : 200 })}><IconMinus size={17} /></Tool>
          <Tool label={t('map.fit')} onClick={fit}><IconFocusCentered size={17} /></Tool>
        </div>
      </div>
      <Legend scheme={scheme} />
    </div>
  )
}

function Tool({ label, onClick, children }: { label: string; onClick(): void; children: React.ReactNode }) {
  return (
    <Tooltip label={label} position="left">
      <ActionIcon variant="subtle" color="gray" c="var(--text)" size={30} aria-label={label} onClick={onClick}>{children}</ActionIcon>
    </Tooltip>
  )
}

// The way of one order, for a rider who does not have it (yet): to the store, then to the door.
function ownWay(o: { pickup: { lat: number; lng: number }; dropoff: { lat: number; lng: number } }, rider: string, ghost: boolean): Way {
  return {
    rider, ghost,
    points: [
      { x: mercatorX(o.pickup.lng), y: mercatorY(o.pickup.lat), label: '1', kind: 'pickup' },
      { x: mercatorX(o.dropoff.lng), y: mercatorY(o.dropoff.lat), label: '2', kind: 'dropoff' },
    ],
  }
}

function whereIs(s: { kind: 'order' | 'rider'; id: string }): [number, number] | null {
  const live = useLive.getState()
  if (s.kind === 'order') {
    const o = live.orders.get(s.id)
    if (!o) return null
    const p = o.picked_up_at ? o.dropoff : o.pickup
    return [p.lng, p.lat]
  }
  const track = tracks.all.get(s.id)
  if (!track) return null
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * track.y1))) * 180) / Math.PI
  return [track.x1 * 360 - 180, lat]
}

function Tip({ hit, scene }: { hit: Hit; scene: ReturnType<typeof sceneOf> }) {
  const { t } = useTranslation()
  useNow()
  const nowMs = now()
  const live = useLive.getState()
  let title: string
  let text: string
  if (hit.kind === 'rider') {
    const r = live.riders.get(hit.id)
    if (!r) return null
    title = r.name
    text = `${t(`presence.${r.presence}`)} · ${t('queue.load', { n: r.orders.length, max: r.max_orders })}`
    const at = tracks.all.get(r.id)?.fixAt
    if (r.presence === 'stale' && at) text += ` · ${t('queue.positionAge', { age: age(t, nowMs - at) })}`
  } else if (hit.kind === 'order') {
    const o = live.orders.get(hit.id)
    if (!o) return null
    const s = standing(o, nowMs)
    title = o.address || shortId(o.id)
    text = `${t(`band.${s.band}`)} · ${countdown(Date.parse(o.promise_at), nowMs)}${s.estimated ? ` · ${t('queue.eta', { m: signedMinutes(s.latenessS) })}` : ''}`
  } else {
    const s = scene.stores.find((m) => m.id === hit.id)
    if (!s) return null
    title = s.name
    text = s.orders.length ? `${t('map.ordersHere', { n: s.orders.length })} · ${t(`band.${s.band}`)}` : t('map.store')
  }
  return (
    <div className={`map-tip${hit.y < 80 ? ' below' : ''}`} style={{ left: hit.x, top: hit.y }} role="tooltip">
      <b>{title}</b>
      <span className="num">{text}</span>
    </div>
  )
}
