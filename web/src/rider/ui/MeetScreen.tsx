import { IconCloudUp, IconNavigation, IconPhone } from '@tabler/icons-react'
import { useState } from 'react'
import { callOff, type Refusal } from '../live/handover'
import { act } from '../queue/post'
import { useRider } from '../state'
import type { Step } from '../work/step'
import { fill, useLang, useWords } from '../words'
import { Big } from './Big'
import { navigateTo, wishedNavigation } from './navigate'
import { placeOf } from './StepScreen'
import { nameOf, timeOf } from './text'

// MeetScreen is where two riders meet. The taker's word that the food is in the bag makes it the taker's, and waits in the queue where there is no network.
export function MeetScreen({ step, next }: { step: Step; next: Step | undefined }) {
  const t = useWords()
  const lang = useLang()
  const { stop, where } = step
  const h = useRider((s) => s.handovers.find((x) => x.id === stop.handover_id))
  const unsent = useRider((s) => s.waiting.some((a) => a.about === stop.handover_id))
  const [wrong, setWrong] = useState<Refusal | null>(null)
  const phone = where === 'give' ? h?.taker.phone : h?.giver.phone
  return (
    <section className="step" data-testid="meet" data-where={where}>
      <header>
        <h1>{where === 'give' ? t.handover.meetToGive : t.handover.meetToTake}</h1>
        {unsent && <span className="unsent"><IconCloudUp size={20} aria-hidden />{t.step.notSent}</span>}
      </header>
      <div className="place">
        <b className="placename">{stop.name}</b>
        <p className="times"><span>{fill(t.step.arrive, { time: timeOf(stop.arrive_at) })}</span></p>
        <div className="row actions">
          <a className="side" href={navigateTo(stop.location, stop.name, wishedNavigation(lang))} target="_blank" rel="noreferrer"><IconNavigation size={26} aria-hidden />{t.step.navigate}</a>
          {phone && <a className="side" href={`tel:${phone}`}><IconPhone size={26} aria-hidden />{t.step.call}</a>}
        </div>
      </div>
      <ul className="orders">{step.orders.map((o) => <li key={o.id}><b>{fill(t.step.order, { id: nameOf(o) })}</b></li>)}</ul>
      <p className="dim">{fill(where === 'give' ? t.handover.giveHint : t.handover.takeHint, { name: stop.name })}{h?.meet?.by && ` ${fill(t.handover.meetBy, { time: timeOf(h.meet.by) })}`}</p>
      {next && <p className="next dim">{fill(t.step.next, { place: placeOf(next) })}</p>}
      <button className="quiet" onClick={() => void callOff(stop.handover_id).then(setWrong)} data-testid="meet-cancel">{t.handover.callOff}</button>
      <div className="foot">
        {wrong && <p className="wrong" role="alert">{t.handover.refusal[wrong]}</p>}
        {where === 'take' && <Big tone="good" step={stop.handover_id} onClick={() => void act({ kind: 'take-over', about: stop.handover_id, name: stop.name })} data-testid="take-over">{t.handover.haveIt}</Big>}
      </div>
    </section>
  )
}
