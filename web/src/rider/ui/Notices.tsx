import { IconAlertTriangleFilled } from '@tabler/icons-react'
import { read } from '../queue/notice'
import { reread } from '../queue/post'
import { useRider } from '../state'
import { useWords } from '../words'
import { Big } from './Big'
import { noticeText } from './noticeText'

// Notices tell what the server did not take, one at a time, until it has been read.
export function Notices() {
  const t = useWords()
  const [n] = useRider((s) => s.notices)
  if (!n) return null
  return (
    <div className="sheet-ground">
      <div className="sheet" role="alertdialog" aria-labelledby="notice" data-testid="notice">
        <div className="row top">
          <IconAlertTriangleFilled size={30} className="risk" aria-hidden />
          <div className="grow">
            <h2 id="notice">{t.done[n.kind]}{n.name && ` · ${n.name}`}</h2>
            <p>{noticeText(t, n)}</p>
          </div>
        </div>
        <Big step={n.id} onClick={() => void read(n.id).then(reread)} data-testid="understood">{t.notice.ok}</Big>
      </div>
    </div>
  )
}
