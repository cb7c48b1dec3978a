// One at a time, over all tabs and the service worker. Browsers give locks to secure pages only; elsewhere the page is alone
// (there is no service worker either), and a chain of promises does.
const chains = new Map<string, Promise<unknown>>()

export function alone<T>(name: string, f: () => Promise<T>): Promise<T> {
  if (navigator.locks) return navigator.locks.request(`paidan.rider.${name}`, f) as Promise<T>
  const next = (chains.get(name) ?? Promise.resolve()).then(f, f)
  chains.set(name, next.catch(() => undefined))
  return next
}
