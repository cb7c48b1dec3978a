// On shift the screen stays on: a page in a pocket's dark gets no positions and hears no offers.
interface Lock { release(): Promise<void> }

export function keepAwake(): () => void {
  const api = (navigator as { wakeLock?: { request(type: 'screen'): Promise<Lock> } }).wakeLock
  if (!api) return () => {}
  let lock: Lock | undefined
  let over = false
  const ask = () => {
    if (document.hidden || over) return
    api.request('screen').then((l) => {
      if (over) void l.release()
      else lock = l
    }, () => undefined) // the battery is low; the phone knows better
  }
  ask()
  document.addEventListener('visibilitychange', ask) // a hidden page loses it
  return () => {
    over = true
    document.removeEventListener('visibilitychange', ask)
    void lock?.release()
  }
}
