// Being woken while the app is closed (Web Push): the browser's maker knows this phone by a subscription, and the server gets that as its push token.
import type { PushSettings } from '../api'
import { drop, put } from '../db'
import { register } from './subscribe'
import { keep, kept } from '../ui/kept'
import { ask } from './ask'

export type Waking = 'on' | 'off' | 'denied' | 'unavailable'

const supported = () => 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window
const registration = () => navigator.serviceWorker?.getRegistration('/rider')

// pushSettings are the server's; undefined where it wakes no pages, or can't be reached.
export async function pushSettings(): Promise<PushSettings | undefined> {
  const a = await ask<PushSettings>('GET', '/v1/rider/push')
  return 'got' in a && a.got.providers.includes('web') ? a.got : undefined
}

export async function wakingNow(): Promise<Waking> {
  const worker = supported() ? await registration() : undefined
  if (!worker) return 'unavailable'
  if (Notification.permission === 'denied') return 'denied'
  return Notification.permission === 'granted' && (await worker.pushManager.getSubscription()) ? 'on' : 'off'
}

// mayAsk: whether the rider was never asked, neither by us nor by the browser.
export const mayAsk = () => supported() && Notification.permission === 'default' && !kept('pushAsked', false)
export const asked = () => keep('pushAsked', true)

// wake switches it on; called in a tap, for browsers ask for permission in one only. false: it did not work.
export async function wake(s: PushSettings, locale: string): Promise<boolean> {
  asked()
  if ((await Notification.requestPermission()) !== 'granted') return false
  return again(s, locale)
}

// again tells the server of the subscription anew: after each log-in, and in another language.
export async function again(s: PushSettings, locale: string): Promise<boolean> {
  const worker = supported() ? await registration() : undefined
  if (!worker || Notification.permission !== 'granted') return false
  await put('push', { locale })
  try {
    return await register(worker.pushManager, s.web_public_key, locale)
  } catch {
    return false // no network, or the browser's maker can't be reached
  }
}

// sleep switches it off, here whatever the network says.
export async function sleep(): Promise<void> {
  await unsubscribe()
  await ask('DELETE', '/v1/rider/push-token')
}

// unsubscribe is all that a log-out needs: the server forgets the token with the phone.
export async function unsubscribe(): Promise<void> {
  await drop('push')
  const worker = supported() ? await registration() : undefined
  await (await worker?.pushManager.getSubscription())?.unsubscribe().catch(() => undefined)
}

// wanted: whether it was on when the rider last had a say.
export const wanted = () => supported() && Notification.permission === 'granted' && kept('push', false)
export const want = (on: boolean) => keep('push', on)

// tidy takes notifications away that the rider can see in the app by now.
export async function tidy(): Promise<void> {
  const worker = supported() ? await registration() : undefined
  for (const n of (await worker?.getNotifications()) ?? []) n.close()
}
