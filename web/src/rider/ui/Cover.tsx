import type { ReactNode } from 'react'
import { useWords } from '../words'
import { Big } from './Big'

// Cover is a page over the screen, with a way back.
export function Cover({ name, title, onClose, foot, children }: { name: string; title: string; onClose(): void; foot?: ReactNode; children: ReactNode }) {
  const t = useWords()
  return (
    <div className="cover" role="dialog" aria-modal aria-labelledby={`${name}-title`} data-testid={name}>
      <h1 id={`${name}-title`}>{title}</h1>
      {children}
      <div className="foot">
        {foot}
        <Big tone="plain" onClick={onClose} data-testid={`${name}-back`}>{t.alarm.back}</Big>
      </div>
    </div>
  )
}
