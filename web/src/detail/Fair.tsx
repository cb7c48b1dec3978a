import { useTranslation } from 'react-i18next'
import type { Candidate } from '../api/types'

// Fair tells what the terms of fairness are from: how long the rider has been without work, and how the rider earns. Nothing where they weigh nothing.
export function Fair({ c }: { c: Candidate }) {
  const { t } = useTranslation()
  return (
    <>
      {c.terms.idle !== 0 && c.idle_s >= 60 && <> · {t('candidate.idle', { m: Math.floor(c.idle_s / 60) })}</>}
      {c.terms.earned !== 0 && <> · {t('candidate.earned', { p: c.earned_pct })}</>}
    </>
  )
}
