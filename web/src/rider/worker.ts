// The service worker: it has the app ready without a network, and sends what is waiting when the page has gone.
import { useRider } from './state'

export function installWorker() {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.register('/rider-sw.js', { scope: '/rider' }).then((r) => {
    const look = () => useRider.setState({ newer: Boolean(r.waiting && navigator.serviceWorker.controller) })
    look()
    r.addEventListener('updatefound', () => r.installing?.addEventListener('statechange', look))
    setInterval(() => void r.update().catch(() => undefined), 3_600_000) // the page may stay open for weeks
  }, (e: unknown) => console.warn('the app works, but not without a network:', e))
}

// update starts the new version, which the rider has asked for: never in the middle of a step.
export async function update() {
  const r = await navigator.serviceWorker.getRegistration('/rider')
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  r?.waiting?.postMessage('take over')
}
