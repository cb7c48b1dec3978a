import { useRider } from '../state'
import { stepsOf } from '../work/step'
import { useWork } from './hooks'
import { Idle } from './Idle'
import { OffShift } from './OffShift'
import { StepScreen } from './StepScreen'

// Now is the one thing to do.
export function Now() {
  const onShift = useRider((s) => Boolean(s.me?.shift))
  const steps = stepsOf(useWork().plan)
  const [step, next] = steps
  if (step) return <StepScreen key={`${step.where}${step.orders.map((o) => o.id).join()}`} step={step} next={next} />
  return onShift ? <Idle /> : <OffShift />
}
