import { IconRoute } from '@tabler/icons-react'
import { useRider } from '../state'
import { fill, useWords } from '../words'
import { changeText } from './changeText'
import { Big } from './Big'

// Changes tells what others did to the plan, until it has been read.
export function Changes() {
  const t = useWords()
  const changes = useRider((s) => s.changes)
  const quiet = useRider((s) => s.notices.length > 0) // one sheet at a time
  if (!changes.length || quiet) return null
  return (
    <div className="sheet-ground">
      <div className="sheet" role="alertdialog" aria-labelledby="changes-title" data-testid="changes">
        <div className="row top">
          <IconRoute size={30} className="risk" aria-hidden />
          <div className="grow">
            <h2 id="changes-title">{t.changes.title}</h2>
            {changes.map((c, i) => <p key={i}>{c.name && <b>{fill(t.changes.of, { name: c.name })}</b>}{changeText(t, c)}</p>)}
          </div>
        </div>
        <Big step={String(changes.length)} onClick={() => useRider.setState({ changes: [] })} data-testid="changes-read">{t.notice.ok}</Big>
      </div>
    </div>
  )
}
