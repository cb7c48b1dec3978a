import { useEffect, useState } from 'react'
import type { OfferStatistics } from '../api'
import { SignedOut, Unreachable } from '../queue/outcome'
import { call } from '../session'
import { useRider } from '../state'
import { fill, useWords } from '../words'

// Acceptance says how the rider answered offers, and what follows from it. Without a network it is left out: nothing hangs on it.
export function Acceptance() {
  const t = useWords()
  const [told, setTold] = useState<OfferStatistics>()
  useEffect(() => {
    call('GET', '/v1/rider/offers/statistics').then((a) => { if (a.ok) setTold(a.body as OfferStatistics) }, (e: unknown) => {
      if (e instanceof SignedOut) useRider.setState({ session: null, ended: true })
      else if (!(e instanceof Unreachable)) throw e
    })
  }, [])
  if (!told) return null
  return (
    <div data-testid="acceptance">
      <dl className="facts">
        {told.periods.map((p) => (
          <div key={p.days}>
            <dt>{fill(t.acceptance.days, { n: p.days })}</dt>
            <dd className="num">{p.acceptance_rate === null ? '–' : fill(t.acceptance.rate, { percent: Math.round(p.acceptance_rate * 100), n: p.accepted, all: p.accepted + p.declined + p.expired })}</dd>
          </div>
        ))}
      </dl>
      {!told.rate_counts && <p className="dim">{fill(t.acceptance.explain, { n: Math.round(told.refusal_s / 60) })}</p>}
    </div>
  )
}
