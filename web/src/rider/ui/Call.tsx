import { IconPhone } from '@tabler/icons-react'
import { useState } from 'react'
import type { Order } from '../api'
import { SignedOut, Unreachable } from '../queue/outcome'
import { call } from '../session'
import { useWords } from '../words'

// Call is a way to the customer: the number itself, or one that the server lends for the moment, which wants a network.
export function Call({ order }: { order: Order }) {
  const t = useWords()
  const [busy, setBusy] = useState(false)
  const [lost, setLost] = useState(false)
  const inner = <><IconPhone size={26} aria-hidden />{t.step.call}</>
  if (order.dropoff.contact_phone) return <a className="side" href={`tel:${order.dropoff.contact_phone}`}>{inner}</a>
  if (!order.masked_call) return null
  const borrow = async () => {
    setBusy(true)
    try {
      const a = await call('POST', `/v1/rider/orders/${order.id}/call`)
      setLost(!a.ok)
      if (a.ok) location.href = `tel:${(a.body as { number: string }).number}`
    } catch (e) {
      if (!(e instanceof Unreachable || e instanceof SignedOut)) throw e
      setLost(true)
    } finally {
      setBusy(false)
    }
  }
  return <button className="side" disabled={busy} onClick={() => void borrow()} data-testid="call">{lost ? t.step.callLost : inner}</button>
}
