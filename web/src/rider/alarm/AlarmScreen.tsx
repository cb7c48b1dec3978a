import { IconCheck, IconCloudOff, IconSos } from '@tabler/icons-react'
import { useEffect } from 'react'
import { useRider } from '../state'
import { Big } from '../ui/Big'
import { timeOf } from '../ui/text'
import { fill, useWords } from '../words'
import type { Cry } from './cry'
import { Numbers } from './Numbers'
import { dismiss, raise } from './raise'
import { useHold } from './useHold'

const close = () => useRider.setState({ alarmOpen: false })

export type Stage = 'none' | 'unsent' | 'sent' | 'seen'
export const stageOf = (c: Cry | null): Stage => (!c ? 'none' : c.acknowledged ? 'seen' : c.heard ? 'sent' : 'unsent')

// AlarmScreen covers everything: the button to hold, and then the truth about who knows.
export function AlarmScreen() {
  const t = useWords()
  const open = useRider((s) => s.alarmOpen)
  const cry = useRider((s) => s.cry)
  const stage = stageOf(cry)
  const { holding, handlers } = useHold(() => void raise())
  useEffect(() => { // whoever looks elsewhere feels that help has been told
    if (stage === 'seen') navigator.vibrate?.([200, 100, 200])
  }, [stage])
  if (!open) return null
  const Icon = { none: IconSos, unsent: IconCloudOff, sent: IconSos, seen: IconCheck }[stage]
  return (
    <div className="cover alarm" role="dialog" aria-modal aria-labelledby="alarm-title" data-testid="alarm" data-stage={stage}>
      <h1 id="alarm-title">{t.alarm.title}</h1>
      {stage === 'none'
        ? <button className={`panic ${holding ? 'holding' : ''}`} {...handlers} data-testid="panic"><IconSos size={72} aria-hidden /><b>{holding ? t.alarm.holding : t.alarm.hold}</b></button>
        : (
          <div className={`told told-${stage}`} role="alert">
            <Icon size={56} aria-hidden />
            <b>{t.alarm.stage[stage]}</b>
            <p>{fill(t.alarm.stageHint[stage], { time: timeOf(stage === 'seen' ? cry!.acknowledged : cry!.at) })}</p>
          </div>
        )}
      <p className="lead">{stage === 'none' ? t.alarm.what : t.alarm.noAmbulance}</p>
      {stage === 'none' && <p className="dim">{t.alarm.noAmbulance}</p>}
      <div className="foot">
        <Numbers />
        {stage === 'seen'
          ? <Big tone="good" step="seen" onClick={() => { close(); void dismiss() }} data-testid="alarm-done">{t.alarm.done}</Big>
          : <Big tone="plain" step={stage === 'none' ? 'none' : 'raised'} onClick={close} data-testid="alarm-back">{t.alarm.back}</Big>}
      </div>
    </div>
  )
}

// AlarmStrip stays on every screen while an alarm is raised.
export function AlarmStrip() {
  const t = useWords()
  const stage = useRider((s) => stageOf(s.cry))
  if (stage === 'none') return null
  return <button className={`strip strip-${stage}`} onClick={() => useRider.setState({ alarmOpen: true })} role="status" data-testid="alarm-strip">{t.alarm.strip[stage]}</button>
}
