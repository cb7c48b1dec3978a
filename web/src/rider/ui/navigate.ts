// A link that opens the way in an app that knows the streets.
import type { LatLng } from '../api'
import type { Lang } from '../words'
import { kept } from './kept'

export const navigations = ['geo', 'google', 'amap'] as const
export type Navigation = (typeof navigations)[number]

export const wishedNavigation = (lang: Lang): Navigation => kept<Navigation>('navigation', lang === 'zh' ? 'amap' : 'google')

export function navigateTo(to: LatLng, name: string, by: Navigation): string {
  const [lat, lng] = [to.lat.toFixed(6), to.lng.toFixed(6)]
  switch (by) {
    case 'amap':
      return `https://uri.amap.com/navigation?to=${lng},${lat},${encodeURIComponent(name)}&mode=ride&coordinate=wgs84&callnative=1&src=paidan`
    case 'google':
      return `https://www.google.com/maps/dir/?api=1&destination=${lat},${lng}&travelmode=bicycling`
    case 'geo':
      return `geo:${lat},${lng}?q=${lat},${lng}(${encodeURIComponent(name)})`
  }
}
