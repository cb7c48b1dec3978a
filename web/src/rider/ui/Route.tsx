import { lazy, Suspense } from 'react'
import { useRider } from '../state'
import { stepsOf, type Step } from '../work/step'
import { fill, useWords } from '../words'
import { Fence } from './Fence'
import { useWork } from './hooks'
import { Pool } from './Pool'
import { placeOf } from './StepScreen'
import { timeOf } from './text'

const RouteMap = lazy(() => import('./RouteMap')) // the largest part by far: only who looks at the map loads it

export function Route() {
  const t = useWords()
  const steps = stepsOf(useWork().plan)
  const basemap = useRider((s) => s.me?.settings.basemap)
  return (
    <section className="route" data-testid="route">
      <h1 className="sr">{t.route.title}</h1>
      <div className="map" aria-label={t.route.map} role="region">
        <Fence otherwise={<p className="mapnote">{t.route.mapFailed}</p>}>
          <Suspense fallback={<p className="mapnote">{t.route.mapLoading}</p>}>
            <RouteMap steps={steps} basemap={basemap ?? { kind: 'none', url: '' }} />
          </Suspense>
        </Fence>
      </div>
      {steps.length === 0 && <p className="dim centered">{t.route.empty}</p>}
      <ol className="stops">
        {steps.map((s, i) => (
          <li key={`${s.where}${s.stop.order_id}`} className={i === 0 ? 'first' : ''}>
            <span className={`mark mark-${s.where}`} aria-hidden>{i + 1}</span>
            <div className="grow">
              <b>{placeOf(s)}</b>
              <span className="address">{kindOf(t, s)}{s.stop.address && ` · ${s.stop.address}`}</span>
            </div>
            <div className="when num"><b>{timeOf(s.stop.arrive_at)}</b>{s.where === 'door' && <span>{fill(t.step.by, { time: timeOf(s.orders[0]!.promise_at) })}</span>}</div>
          </li>
        ))}
      </ol>
      <Pool />
    </section>
  )
}

const kindOf = (t: ReturnType<typeof useWords>, s: Step) =>
  s.where === 'store' ? (s.orders.length > 1 ? `${t.route.pickup} × ${s.orders.length}` : t.route.pickup) : { door: t.route.dropoff, back: t.route.back, give: t.route.give, take: t.route.take }[s.where]
