import { IconCircleCheck, IconCloudUp } from '@tabler/icons-react'
import { useRider } from '../state'
import { fill, useWords } from '../words'
import { timeOf } from './text'

// Waiting shows what the server has not heard of, in the order in which it will.
export function Waiting() {
  const t = useWords()
  const waiting = useRider((s) => s.waiting)
  const offline = useRider((s) => s.link === 'offline')
  if (!waiting.length) return <p className="row good" data-testid="all-sent"><IconCircleCheck size={24} aria-hidden />{t.waiting.none}</p>
  return (
    <div className="card waiting" data-testid="waiting-list">
      <b className="row"><IconCloudUp size={24} aria-hidden />{t.waiting.title}</b>
      <ol>
        {waiting.map((a) => (
          <li key={a.id}>
            <b>{t.done[a.kind]}</b> {a.name}
            <span className="num">{fill(t.waiting.at, { time: timeOf(a.at) })}{a.pictures?.length ? ` · ${fill(t.waiting.pictures, { n: a.pictures.length })}` : ''}</span>
          </li>
        ))}
      </ol>
      <p className="dim">{t.waiting.explain}{offline && ` ${t.waiting.positions}`}</p>
    </div>
  )
}
