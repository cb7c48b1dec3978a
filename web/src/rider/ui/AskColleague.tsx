import { IconCheck } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { distance } from '../../lib/format'
import type { Colleague } from '../api'
import { colleagues, propose, type Refusal } from '../live/handover'
import { together } from '../work/handover'
import type { Step } from '../work/step'
import { fill, useWords } from '../words'
import { Big } from './Big'
import { useWork } from './hooks'
import { nameOf } from './text'

// AskColleague asks one of the riders nearby to take orders over. It needs the network: the colleague has two minutes to answer.
export function AskColleague({ step, onClose }: { step: Step; onClose(): void }) {
  const t = useWords()
  const all = together(useWork().plan.orders, step.orders[0]!)
  const [chosen, setChosen] = useState<readonly string[]>(step.orders.map((o) => o.id))
  const [near, setNear] = useState<Colleague[] | null>(null)
  const [to, setTo] = useState('')
  const [reason, setReason] = useState<keyof typeof t.handover.reasons | ''>('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Refusal | null>(null)
  const asked = chosen.join()

  useEffect(() => {
    let gone = false
    if (asked) {
      void colleagues(asked.split(',')).then((found) => {
        if (gone) return
        setNear(Array.isArray(found) ? found : [])
        setWrong(Array.isArray(found) ? (found.length ? null : 'nobody') : found)
      })
    }
    return () => { gone = true }
  }, [asked])

  const toggle = (id: string) => setChosen((s) => (s.includes(id) ? s.filter((x) => x !== id) : [...s, id]))
  const send = async () => {
    setBusy(true)
    const why = await propose([...chosen], to, reason && t.handover.reasons[reason])
    setBusy(false)
    if (why) setWrong(why)
    else onClose()
  }
  return (
    <div className="cover" role="dialog" aria-modal aria-labelledby="ask-title" data-testid="ask-colleague">
      <h1 id="ask-title">{t.handover.title}</h1>
      <p className="lead">{step.orders[0]!.state === 'picked_up' ? t.handover.hintOnBoard : t.handover.hint}</p>
      {all.length > 1 && (
        <ul className="orders">
          {all.map((o) => (
            <li key={o.id}>
              <button className="tick" role="checkbox" aria-checked={chosen.includes(o.id)} onClick={() => toggle(o.id)}>
                <span className="box" aria-hidden>{chosen.includes(o.id) && <IconCheck size={26} stroke={3} />}</span>
                <b className="grow">{nameOf(o)}</b>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="reasons" role="radiogroup" aria-label={t.handover.whom}>
        <h2>{t.handover.whom}</h2>
        {(near ?? []).map((c) => (
          <button key={c.id} className="reason" role="radio" aria-checked={c.id === to} onClick={() => setTo(c.id)} data-testid="colleague">
            {c.name}<small>{fill(t.handover.colleague, { away: distance(c.distance_m), n: c.orders, vehicle: t.vehicle[c.vehicle] })}</small>
          </button>
        ))}
      </div>
      <div className="reasons" role="radiogroup" aria-label={t.giveBack.why}>
        <h2>{t.giveBack.why}</h2>
        {(Object.keys(t.handover.reasons) as (keyof typeof t.handover.reasons)[]).map((r) => (
          <button key={r} className="reason" role="radio" aria-checked={r === reason} onClick={() => setReason(r)} data-testid={`handover-${r}`}>{t.handover.reasons[r]}</button>
        ))}
      </div>
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{t.handover.refusal[wrong]}</p>}
        <div className="answer">
          <Big tone="plain" onClick={onClose} data-testid="handover-back">{t.alarm.back}</Big>
          <Big tone="good" step="ask" disabled={busy || !to || !reason || !chosen.length} onClick={() => void send()} data-testid="handover-send">{t.handover.ask}</Big>
        </div>
      </div>
    </div>
  )
}
