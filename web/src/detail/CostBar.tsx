import { useTranslation } from 'react-i18next'
import type { Terms } from '../api/types'
import { minutes } from '../lib/format'
import { bars } from './candidates'

// CostBar shows an engine's cost as a bar and as numbers, so that neither colours nor arithmetic are needed.
export function CostBar({ terms, scale }: { terms: Terms | null; scale: number }) {
  const { t } = useTranslation()
  const all = bars(terms, scale)
  if (!all.length) return null
  return (
    <>
      <div className="bar" aria-hidden>
        {all.map((b) => <i key={b.name} className={b.minutes < 0 ? 'gain' : ''} style={{ width: `${b.share * 100}%`, background: `var(--term-${b.name})` }} />)}
      </div>
      <div className="terms">
        {all.map((b) => <span key={b.name} title={t(`termHint.${b.name}`)}><i className="swatch" style={{ background: `var(--term-${b.name})` }} />{t(`term.${b.name}`)} <b>{minutes(b.minutes)}</b></span>)}
      </div>
    </>
  )
}
