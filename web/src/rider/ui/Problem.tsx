import { useState } from 'react'
import { Numbers } from '../alarm/Numbers'
import type { Trouble } from '../api'
import { act } from '../queue/post'
import { useRider } from '../state'
import type { Step } from '../work/step'
import { aboutOf, flowOf, troublesAt } from '../work/trouble'
import { useWords } from '../words'
import { Big } from './Big'
import { placeOf } from './StepScreen'

// Problem reports what went wrong. It says beforehand what follows, and waits in the queue where there is no network.
export function Problem({ step, onClose }: { step?: Step; onClose(): void }) {
  const t = useWords()
  const [trouble, setTrouble] = useState<Trouble | ''>('')
  const [note, setNote] = useState('')
  const [sent, setSent] = useState(false)
  const unsent = useRider((s) => s.waiting.some((a) => a.kind === 'report'))
  const send = () => {
    if (!trouble) return
    const { here } = useRider.getState()
    setSent(true)
    void act(...aboutOf(trouble, step).map((about) => ({
      kind: 'report' as const, about, name: t.problem.kinds[trouble], trouble, ...(note.trim() && { note: note.trim() }), ...(here && { place: { lat: here.lat, lng: here.lng } }),
    })))
  }
  if (sent && trouble) {
    return (
      <div className="cover" role="dialog" aria-modal aria-labelledby="problem-title" data-testid="problem-sent">
        <h1 id="problem-title">{t.problem.kinds[trouble]}</h1>
        <p className="lead" role="status">{unsent ? t.problem.unsent : t.problem.sent}</p>
        <p className="lead">{t.problem.flow[flowOf(trouble)]}</p>
        <div className="foot">
          {trouble === 'accident' && <Numbers />}
          <Big step="sent" onClick={onClose} data-testid="problem-close">{t.notice.ok}</Big>
        </div>
      </div>
    )
  }
  return (
    <div className="cover" role="dialog" aria-modal aria-labelledby="problem-title" data-testid="problem">
      <h1 id="problem-title">{t.problem.title}</h1>
      {step && <p className="dim">{placeOf(step)}</p>}
      <div className="reasons" role="radiogroup" aria-labelledby="problem-title">
        {troublesAt(step).map((k) => (
          <button key={k} className="reason" role="radio" aria-checked={k === trouble} onClick={() => setTrouble(k)} data-testid={`problem-${k}`}>
            {t.problem.kinds[k]}
            {k === trouble && <small>{t.problem.flow[flowOf(k)]}</small>}
          </button>
        ))}
      </div>
      <label className="field">{t.fail.note}<textarea rows={2} maxLength={2000} value={note} onChange={(e) => setNote(e.target.value)} /></label>
      <div className="foot">
        {trouble === 'accident' && <Numbers />}
        <div className="answer">
          <Big tone="plain" onClick={onClose} data-testid="problem-back">{t.fail.cancel}</Big>
          <Big tone="bad" step="problem" disabled={!trouble} onClick={send} data-testid="problem-send">{t.problem.send}</Big>
        </div>
      </div>
    </div>
  )
}
