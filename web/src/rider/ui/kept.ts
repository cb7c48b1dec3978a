// Small wishes of this phone, kept where its browser keeps such things.
export function kept<T>(key: string, otherwise: T): T {
  try {
    const v = localStorage.getItem(`paidan.rider.${key}`)
    return v === null ? otherwise : (JSON.parse(v) as T)
  } catch {
    return otherwise
  }
}

export function keep(key: string, value: unknown) {
  try {
    localStorage.setItem(`paidan.rider.${key}`, JSON.stringify(value))
  } catch { /* then it is asked again */ }
}
