// The service worker is asked to send what this page could not.

// askWorker has the browser wake the service worker once there is a network, should this page be gone by then.
export async function askWorker() {
  const worker = await navigator.serviceWorker?.getRegistration().catch(() => undefined)
  const sync = (worker as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync
  await sync?.register('actions').catch(() => undefined) // not all browsers, and not where it is forbidden
}
