// The subscription itself, for the page and for the service worker, which is told when the browser has replaced it.
import { call } from '../session'

// register subscribes with the server's key, unless it is done, and tells the server. Rejects where the browser's maker can't be reached.
export async function register(manager: PushManager, key: string, locale: string): Promise<boolean> {
  let s = await manager.getSubscription()
  if (s && !sameKey(s.options.applicationServerKey, key)) { // the server has another key by now
    await s.unsubscribe()
    s = null
  }
  s ??= await manager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  const { endpoint, keys } = s.toJSON()
  return (await call('PUT', '/v1/rider/push-token', { provider: 'web', token: JSON.stringify({ endpoint, keys }), locale })).ok
}

export function sameKey(is: ArrayBuffer | null, key: string): boolean {
  if (!is) return false
  const text = btoa(String.fromCharCode(...new Uint8Array(is)))
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === key.replace(/=+$/, '')
}
