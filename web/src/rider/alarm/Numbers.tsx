import { IconPhone } from '@tabler/icons-react'
import { fill, useWords } from '../words'
import { numbersIn } from './numbers'

// Numbers are those to call for an ambulance or the police: the alarm reaches dispatchers only.
export function Numbers() {
  const t = useWords()
  return (
    <div className="row actions">
      {numbersIn(Intl.DateTimeFormat().resolvedOptions().timeZone).map((n) => (
        <a key={n.number} className="side" href={`tel:${n.number}`} data-testid="emergency"><IconPhone size={26} aria-hidden />{fill(t.alarm.call[n.service], { number: n.number })}</a>
      ))}
    </div>
  )
}
