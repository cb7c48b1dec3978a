import { useState } from 'react'
import type { Order } from '../api'
import { callOff, type Refusal } from '../live/handover'
import { useRider } from '../state'
import { latestOf } from '../work/handover'
import { fill, useWords } from '../words'
import { leftOf } from './countdown'
import { useNow } from './hooks'

// HandoversOf is the way to ask a colleague to take a step's orders over, and what became of it.
export function HandoversOf({ orders, onAsk }: { orders: Order[]; onAsk(): void }) {
  const t = useWords()
  const now = useNow(true)
  const last = useRider((s) => latestOf(s.handovers, orders.map((o) => o.id)))
  const [wrong, setWrong] = useState<Refusal | null>(null)
  if (last?.state === 'open' && leftOf(last, now).seconds > 0) {
    return (
      <div className="asked" role="status" data-testid="handover-open">
        <span className="grow">{fill(t.handover.waiting, { name: last.taker.name, n: leftOf(last, now).seconds })}</span>
        <button className="small" onClick={() => void callOff(last.id).then(setWrong)} data-testid="handover-cancel">{t.handover.callOff}</button>
        {wrong && <p className="wrong" role="alert">{t.handover.refusal[wrong]}</p>}
      </div>
    )
  }
  const refused = last?.state === 'declined' || last?.state === 'expired' || last?.state === 'open'
  return (
    <>
      {refused && <p className="note" role="status" data-testid="handover-refused">{fill(last.state === 'declined' ? t.handover.declined : last.end_reason === 'not_met' ? t.handover.notMet : t.handover.expired, { name: last.taker.name })}</p>}
      <button className="quiet" onClick={onAsk} data-testid="handover-ask">{t.handover.button}</button>
    </>
  )
}
