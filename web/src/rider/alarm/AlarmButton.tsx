import { IconSos } from '@tabler/icons-react'
import { useRider } from '../state'
import { useWords } from '../words'
import { raise } from './raise'
import { useHold } from './useHold'

const open = () => useRider.setState({ alarmOpen: true })

// AlarmButton is on every screen, in the same corner, over offers and sheets, too. Held, it raises the alarm; touched, it opens the page that explains it.
export function AlarmButton() {
  const t = useWords()
  const { holding, handlers } = useHold(() => {
    open()
    void raise()
  }, open)
  return (
    <button className={`sos ${holding ? 'holding' : ''}`} aria-label={t.alarm.title} {...handlers} data-testid="sos"><IconSos size={34} stroke={2.2} aria-hidden /></button>
  )
}
