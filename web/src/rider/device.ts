// What this phone is called in the list of the rider's devices. Pure.
const kinds = ['iPhone', 'iPad', 'Android', 'Windows', 'Macintosh', 'Linux'] // an Android says that it is a Linux, too

export function deviceName(agent: string): string {
  const model = /Android [\d.]+; ([^);]+?)(?: Build\/[^);]*)?[);]/.exec(agent)?.[1]
  const kind = model && model !== 'K' ? model : (kinds.find((k) => agent.includes(k)) ?? '') // K: the browser keeps the model to itself
  const browser = /(Edg|Firefox|CriOS|Chrome|Safari)\w*\//.exec(agent)?.[1] ?? ''
  return [kind, { Edg: 'Edge', CriOS: 'Chrome' }[browser] ?? browser].filter(Boolean).join(' · ').slice(0, 100)
}
