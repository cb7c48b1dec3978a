import { useState } from 'react'
import type { Order } from '../api'
import { giveBack, type Refusal } from '../live/giveBack'
import { useWords } from '../words'
import { Big } from './Big'
import { nameOf } from './text'

// GiveBack hands one order that is not picked up back to dispatch, and says beforehand what follows.
export function GiveBack({ orders, onClose }: { orders: Order[]; onClose(): void }) {
  const t = useWords()
  const [order, setOrder] = useState(orders.length === 1 ? orders[0]!.id : '')
  const [reason, setReason] = useState<keyof typeof t.giveBack.reasons | ''>('')
  const [busy, setBusy] = useState(false)
  const [wrong, setWrong] = useState<Refusal | null>(null)
  const send = async () => {
    setBusy(true)
    const why = await giveBack(order, reason)
    setBusy(false)
    if (why) setWrong(why)
    else onClose()
  }
  return (
    <div className="cover" role="dialog" aria-modal aria-labelledby="give-back-title" data-testid="give-back">
      <h1 id="give-back-title">{t.giveBack.title}</h1>
      <p className="lead">{t.giveBack.hint}</p>
      {orders.length > 1 && (
        <div className="reasons" role="radiogroup" aria-label={t.giveBack.which}>
          <h2>{t.giveBack.which}</h2>
          {orders.map((o) => <button key={o.id} className="reason" role="radio" aria-checked={o.id === order} onClick={() => setOrder(o.id)}>{nameOf(o)}</button>)}
        </div>
      )}
      <div className="reasons" role="radiogroup" aria-label={t.giveBack.why}>
        <h2>{t.giveBack.why}</h2>
        {(Object.keys(t.giveBack.reasons) as (keyof typeof t.giveBack.reasons)[]).map((r) => (
          <button key={r} className="reason" role="radio" aria-checked={r === reason} onClick={() => setReason(r)} data-testid={`give-back-${r}`}>{t.giveBack.reasons[r]}</button>
        ))}
      </div>
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{t.giveBack.refusal[wrong]}</p>}
        <div className="answer">
          <Big tone="plain" onClick={onClose} data-testid="give-back-back">{t.alarm.back}</Big>
          <Big tone="bad" step="give-back" disabled={busy || !order || !reason} onClick={() => void send()} data-testid="give-back-send">{t.giveBack.send}</Big>
        </div>
      </div>
    </div>
  )
}
