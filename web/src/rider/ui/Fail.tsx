import { useState } from 'react'
import type { Order } from '../api'
import { act } from '../queue/post'
import { useWords } from '../words'
import { Big } from './Big'

export function Fail({ order, place, onBack }: { order: Order; place: string; onBack(): void }) {
  const t = useWords()
  const [reason, setReason] = useState<keyof typeof t.fail.reasons | ''>('')
  const [note, setNote] = useState('')
  return (
    <>
      <div className="reasons" role="radiogroup" aria-labelledby="fail-title">
        <h2 id="fail-title">{t.fail.title}</h2>
        {(Object.keys(t.fail.reasons) as (keyof typeof t.fail.reasons)[]).map((r) => (
          <button key={r} className="reason" role="radio" aria-checked={r === reason} onClick={() => setReason(r)} data-testid={`fail-${r}`}>{t.fail.reasons[r]}</button>
        ))}
        <label className="field">{t.fail.note}<textarea rows={2} maxLength={2000} value={note} onChange={(e) => setNote(e.target.value)} /></label>
        <p className="dim">{t.fail.hint}</p>
      </div>
      <div className="foot">
        <div className="answer">
          <Big tone="plain" onClick={onBack}>{t.fail.cancel}</Big>
          <Big tone="bad" step="fail" disabled={!reason} onClick={() => void act({ kind: 'fail', about: order.id, name: place, reason, ...(note.trim() && { note: note.trim() }) })} data-testid="fail-confirm">{t.fail.confirm}</Big>
        </div>
      </div>
    </>
  )
}
