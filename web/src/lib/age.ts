import type { TFunction } from 'i18next'

export function age(t: TFunction, ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 90) return t('age.s', { n: s })
  if (s < 5400) return t('age.m', { n: Math.round(s / 60) })
  return t('age.h', { n: Math.round(s / 3600) })
}
