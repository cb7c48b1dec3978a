// The service worker. The shell comes from its cache, so that the app opens without a network; the API always from the network:
// what the phone knows of its work is in IndexedDB, where it can't be mistaken for news.
import { tell } from './alarm/cry'
import type { PushSettings } from './api'
import { box } from './queue/box'
import { drain } from './queue/drain'
import { note } from './queue/notice'
import { alone } from './lock'
import { register } from './live/subscribe'
import { get } from './db'
import { call, kept } from './session'

// Filled in by the build (rider-shell.ts): the files of the app, and a hash of their names.
declare const __SHELL__: string[]
declare const __SHELL_VERSION__: string

interface Lasting extends Event { waitUntil(p: Promise<unknown>): void }
interface Fetching extends Lasting { request: Request; respondWith(r: Promise<Response>): void }
interface Pushed extends Lasting { data: { json(): unknown } | null }
interface Clicked extends Lasting { notification: Notification }
interface Client { url: string; postMessage(m: unknown): void; visibilityState: string; focus(): Promise<unknown> }
interface Worker {
  addEventListener(type: 'push', f: (e: Pushed) => void): void
  addEventListener(type: 'notificationclick', f: (e: Clicked) => void): void
  addEventListener(type: 'pushsubscriptionchange', f: (e: Lasting) => void): void
  addEventListener(type: 'install' | 'activate', f: (e: Lasting) => void): void
  addEventListener(type: 'fetch', f: (e: Fetching) => void): void
  addEventListener(type: 'sync', f: (e: Lasting & { tag: string }) => void): void
  addEventListener(type: 'message', f: (e: MessageEvent) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void>; matchAll(o?: { type: 'window'; includeUncontrolled: boolean }): Promise<Client[]>; openWindow(url: string): Promise<unknown> }
  registration: ServiceWorkerRegistration
  location: Location
}
const worker = self as unknown as Worker

const cacheName = `paidan-rider-${__SHELL_VERSION__}`
const patience = 3000 // ms for a page from the network, then the kept one

worker.addEventListener('install', (e) => e.waitUntil(caches.open(cacheName).then((c) => c.addAll(__SHELL__.map((u) => new Request(u, { cache: 'reload' }))))))

worker.addEventListener('activate', (e) => e.waitUntil((async () => {
  for (const k of await caches.keys()) if (k.startsWith('paidan-rider-') && k !== cacheName) await caches.delete(k)
  await worker.clients.claim()
})()))

worker.addEventListener('message', (e) => {
  if (e.data === 'take over') void worker.skipWaiting()
})

worker.addEventListener('fetch', (e) => {
  const url = new URL(e.request.url)
  if (e.request.method !== 'GET' || url.origin !== worker.location.origin || url.pathname.startsWith('/v1/')) return
  if (e.request.mode === 'navigate') e.respondWith(page(e.request))
  else if (url.pathname.startsWith('/assets/') || __SHELL__.includes(url.pathname)) e.respondWith(file(e.request))
})

// page: a new version is seen at once where there is a network, and nobody waits where there is none.
async function page(request: Request): Promise<Response> {
  const cached = await (await caches.open(cacheName)).match('/rider', { ignoreVary: true })
  const fresh = fetch(request).catch(() => undefined)
  const late = cached && new Promise<undefined>((r) => setTimeout(r, patience))
  const got = await (late ? Promise.race([fresh, late]) : fresh)
  return got?.ok ? got : cached ?? got ?? Response.error()
}

// file: names under /assets carry a hash, so what is kept is what it is.
async function file(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  const cached = await cache.match(request, { ignoreVary: true }) // a proxy may add the header, and then nothing that was kept is found
  if (cached) return cached
  const got = await fetch(request)
  if (got.ok && got.status === 200) await cache.put(request, got.clone())
  return got
}

worker.addEventListener('sync', (e) => {
  if (e.tag === 'actions') e.waitUntil(send())
})

async function send() {
  const rider = (await kept())?.rider.id
  if (!rider) return
  const cry = await tell(rider, call) // an alarm first
  const left = await alone('queue', () => drain(rider, box, call, { done: () => {}, refused: note }))
  for (const c of await worker.clients.matchAll()) c.postMessage('queue')
  if (left === 'later' || cry?.heard === false) throw new Error('not all could be sent') // the browser tries again
}

// What the server pushes says what to look at, and nothing about anybody (docs/rider-api.md): a newer one of a kind takes the place of the older.
interface Notice { title: string; body: string; tag: string; data: { kind: string } }

const pages = async () => (await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).filter((c) => new URL(c.url).pathname === '/rider') // not the console

worker.addEventListener('push', (e) => e.waitUntil((async () => {
  const n = e.data?.json() as Notice | undefined
  const shift = n?.data.kind === 'shift' || n?.data.kind === 'shift_late' // which no screen but that of who is off shift tells
  if (!n || !shift && (await pages()).some((c) => c.visibilityState === 'visible')) return // who looks at the app has it from the stream
  const how = { body: n.body, tag: n.tag, renotify: true, data: n.data, icon: '/rider-192.png', requireInteraction: n.data.kind === 'offer' || n.data.kind === 'shift_late', vibrate: [300, 150, 300] }
  await worker.registration.showNotification(n.title, how)
})()))

worker.addEventListener('notificationclick', (e) => {
  e.notification.close()
  e.waitUntil(pages().then(([page]) => (page ? page.focus() : worker.clients.openWindow('/rider'))))
})

// The browser has replaced the subscription: without this the phone would sleep from then on.
worker.addEventListener('pushsubscriptionchange', (e) => e.waitUntil((async () => {
  const on = await get<{ locale: string }>('push')
  if (!on) return
  const settings = await call('GET', '/v1/rider/push')
  if (settings.ok) await register(worker.registration.pushManager, (settings.body as PushSettings).web_public_key, on.locale)
})()))
