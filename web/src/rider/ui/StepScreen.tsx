import { IconAlertTriangle, IconCheck, IconCloudUp, IconMapPinQuestion, IconNavigation } from '@tabler/icons-react'
import { useState } from 'react'
import { shortId } from '../../lib/format'
import type { Order } from '../api'
import { act } from '../queue/post'
import { useRider } from '../state'
import { arrivalOf, type Step } from '../work/step'
import { fill, useLang, useWords } from '../words'
import { Big } from './Big'
import { Call } from './Call'
import { Door } from './Door'
import { Winding } from './Hours'
import { useNow } from './hooks'
import { HandoversOf } from './HandoversOf'
import { AskColleague, GiveBack, Later } from './later'
import { navigateTo, wishedNavigation } from './navigate'
import { Problem } from './Problem'
import { nameOf, timeOf } from './text'

// StepScreen is the step that the rider is at: where, what, and one big button.
export function StepScreen({ step, next }: { step: Step; next: Step | undefined }) {
  const t = useWords()
  const lang = useLang()
  const { stop, where, arrived } = step
  const o = step.orders[0]!
  const unsent = useRider((s) => s.waiting.some((a) => step.orders.some((x) => x.id === a.about)))
  const title = { store: arrived ? t.step.atStore : t.step.toStore, door: arrived ? t.step.atDoor : t.step.toDoor, back: t.step.back, give: '', take: '' }[where]
  const [problem, setProblem] = useState(false)
  const [givingBack, setGivingBack] = useState(false)
  const [asking, setAsking] = useState(false)
  const mayHandOver = useRider((s) => s.me?.rules.hand_over) && (where === 'store' || (where === 'door' && !arrived))
  const mayGiveBack = useRider((s) => s.me?.rules.give_back) && where === 'store'
  const arrive = () => {
    const { kind, orders } = arrivalOf(step)
    void act(...orders.map((x) => ({ kind, about: x.id, name: placeOf(step), ...(step.seems && { at: step.seems }) })))
  }
  const going = !arrived || where === 'back'
  return (
    <section className="step" data-testid="step" data-where={where} data-arrived={arrived}>
      <header>
        <h1>{title}</h1>
        {unsent && <span className="unsent"><IconCloudUp size={20} aria-hidden />{t.step.notSent}</span>}
      </header>
      <Winding />
      <div className="place">
        <b className="placename">{placeOf(step)}</b>
        <span className="address">{stop.address}</span>
        {where === 'door' && <Finding order={o} />}
        <Times step={step} />
        <div className="row actions">
          {going && <a className="side" href={navigateTo(stop.location, placeOf(step), wishedNavigation(lang))} target="_blank" rel="noreferrer" data-testid="navigate"><IconNavigation size={26} aria-hidden />{t.step.navigate}</a>}
          {where === 'door' && <Call order={o} />}
          <button className="side" onClick={() => setProblem(true)} data-testid="problem-open"><IconAlertTriangle size={26} aria-hidden />{t.problem.button}</button>
        </div>
        {mayHandOver && <HandoversOf orders={step.orders} onAsk={() => setAsking(true)} />}
        {mayGiveBack && <button className="quiet" onClick={() => setGivingBack(true)} data-testid="give-back-open">{t.giveBack.button}</button>}
      </div>
      {where === 'store' && arrived ? <Counter step={step} />
        : where === 'door' && arrived ? <Door order={o} place={placeOf(step)} />
          : (
            <>
              <Orders orders={step.orders} />
              {next && <p className="next dim">{fill(t.step.next, { place: placeOf(next) })}</p>}
              <div className="foot">
                {!arrived && step.seems && <p className="seems" role="status" data-testid="seems"><IconMapPinQuestion size={26} aria-hidden />{fill(t.step.seems, { time: timeOf(step.seems) })}</p>}
                {where === 'back'
                  ? <Big step={`back${o.id}`} onClick={() => void act({ kind: 'return', about: o.id, name: placeOf(step) })} data-testid="return">{t.step.returned}</Big>
                  : <Big step={`arrive${stop.order_id}${where}`} onClick={arrive} data-testid="arrive">{step.seems ? t.step.arrivedYes : t.step.arrived}</Big>}
              </div>
            </>
          )}
      {asking && <Later><AskColleague step={step} onClose={() => setAsking(false)} /></Later>}
      {givingBack && <Later><GiveBack orders={step.orders} onClose={() => setGivingBack(false)} /></Later>}
      {problem && <Problem step={step} onClose={() => setProblem(false)} />}
    </section>
  )
}

export const placeOf = (s: Step) => s.stop.name || s.stop.address || shortId(s.stop.order_id)

function Times({ step }: { step: Step }) {
  const t = useWords()
  const now = useNow()
  if (step.where === 'back') return null
  if (step.where === 'store') {
    const ready = Math.max(...step.orders.map((o) => Date.parse(o.ready_at ?? o.ready_estimate)))
    const isReady = step.orders.every((o) => o.ready_at)
    return <p className="times"><b className={isReady ? 'good' : ''}>{isReady ? t.step.ready : fill(t.step.readyAt, { time: timeOf(ready) })}</b>{!step.arrived && <span>{fill(t.step.arrive, { time: timeOf(step.stop.arrive_at) })}</span>}</p>
  }
  const promise = Date.parse(step.orders[0]!.promise_at)
  const late = Math.ceil((now - promise) / 60_000)
  return <p className="times">{late > 0 ? <b className="late">{fill(t.step.late, { n: late })}</b> : <b>{fill(t.step.by, { time: timeOf(promise) })}</b>}{!step.arrived && <span>{fill(t.step.arrive, { time: timeOf(step.stop.arrive_at) })}</span>}</p>
}

// How to find the door, each in words that can be read in passing.
function Finding({ order: { dropoff: d } }: { order: Order }) {
  const t = useWords()
  const parts = [d.floor && fill(t.step.floor, { v: d.floor }), d.unit && fill(t.step.unit, { v: d.unit }), d.gate_code && fill(t.step.gate, { v: d.gate_code })].filter(Boolean)
  return (
    <>
      {parts.length > 0 && <span className="finding">{parts.join(' · ')}</span>}
      {d.leave_at_door && <span className="tag">{t.step.leaveAtDoor}</span>}
      {d.instructions && <span className="instructions">{d.instructions}</span>}
    </>
  )
}

function Orders({ orders }: { orders: Order[] }) {
  const t = useWords()
  return (
    <ul className="orders">
      {orders.map((o) => <li key={o.id}><b>{fill(t.step.order, { id: nameOf(o) })}</b><Items order={o} /></li>)}
    </ul>
  )
}

const Items = ({ order }: { order: Order }) => <span className="items">{order.items.map((i) => `${i.quantity} × ${i.name}`).join(', ')}</span>

// Counter is the store's: tick what is handed over, all at first.
function Counter({ step }: { step: Step }) {
  const t = useWords()
  const [out, setOut] = useState<ReadonlySet<string>>(new Set()) // what is not handed over
  const taken = step.orders.filter((o) => !out.has(o.id))
  const toggle = (id: string) => setOut((s) => (s.has(id) ? new Set([...s].filter((x) => x !== id)) : new Set([...s, id])))
  const many = step.orders.length > 1
  return (
    <>
      {many && <p className="dim">{t.step.tick}</p>}
      <ul className="orders">
        {step.orders.map((o) => (
          <li key={o.id}>
            {many ? (
              <button className="tick" role="checkbox" aria-checked={!out.has(o.id)} onClick={() => toggle(o.id)}>
                <span className="box" aria-hidden>{!out.has(o.id) && <IconCheck size={26} stroke={3} />}</span>
                <span className="grow"><b>{fill(t.step.order, { id: nameOf(o) })}</b><Items order={o} /></span>
              </button>
            ) : <><b className="handed">{fill(t.step.order, { id: nameOf(o) })}</b><Items order={o} /></>}
          </li>
        ))}
      </ul>
      <div className="foot">
        <Big tone="good" step={`pickup${step.stop.order_id}`} disabled={!taken.length} data-testid="pickup"
          onClick={() => void act(...taken.map((o) => ({ kind: 'pickup' as const, about: o.id, name: placeOf(step) })))}>
          {many ? fill(t.step.pickedUpMany, { n: taken.length, all: step.orders.length }) : t.step.pickedUp}
        </Big>
      </div>
    </>
  )
}
