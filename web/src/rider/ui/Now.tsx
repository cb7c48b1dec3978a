import { useRider } from '../state'
import { stepsOf } from '../work/step'
import { Break } from './Break'
import { useWork } from './hooks'
import { Idle } from './Idle'
import { MeetScreen } from './MeetScreen'
import { OffShift } from './OffShift'
import { StepScreen } from './StepScreen'

// Now is the one thing to do.
export function Now() {
  const onShift = useRider((s) => Boolean(s.me?.shift))
  const resting = useRider((s) => Boolean(s.me?.shift?.break_since))
  const steps = stepsOf(useWork().plan)
  const [step, next] = steps
  if (step?.where === 'give' || step?.where === 'take') return <MeetScreen key={step.stop.handover_id} step={step} next={next} />
  if (step) return <StepScreen key={`${step.where}${step.orders.map((o) => o.id).join()}`} step={step} next={next} />
  if (resting) return <Break />
  return onShift ? <Idle /> : <OffShift />
}
