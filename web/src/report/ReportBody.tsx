import type { ReactNode } from 'react'
import { fill } from '../lib/fill'
import { money } from '../lib/format'
import { claimRows, duration, known, rowsOf, type Report, type Row } from './rows'
import { wordsOf } from './words'
import './report.css'

// ReportBody is a month's report as the rider and staff read it: what was asked and answered, what was decided and why, by which rules, and whom to ask.
export function ReportBody({ report: r, lang }: { report: Report; lang: string }) {
  const t = wordsOf(lang)
  const { offers: o, decisions: d } = r
  const p = r.zone.policy
  const zh = lang.startsWith('zh')
  const asked = o.accepted + o.declined + o.expired + o.withdrawn
  const reasons = known(r)
  const fair = p.fairness.idle > 0 || p.fairness.earnings > 0 || d.gained > 0 || d.lost > 0
  const since = new Intl.DateTimeFormat(zh ? 'zh-CN' : 'en-GB', { day: 'numeric', month: 'long' }).format(Date.parse(d.from))
  const chosen = rowsOf(d.chosen, t.chosen)
  const claims = claimRows(r.claims, t.claims)
  return (
    <div className="report" data-testid="report-body" data-month={r.month}>
      <p className="report-sum"><b className="num">{r.earned.map((e) => money(e.amount, e.currency, lang)).join(' + ') || '–'}</b><span>{t.earned}</span></p>
      <Part title={t.offers.title}>
        {asked === 0 ? <p className="dim">{t.offers.none}</p> : (
          <>
            <Rows rows={[[t.offers.accepted, o.accepted], [t.offers.declined, o.declined], [t.offers.expired, o.expired], [t.offers.withdrawn, o.withdrawn]]} />
            <Rows title={t.offers.why} rows={rowsOf(o.reasons, t.offers.reasons, t.offers.noReason)} />
          </>
        )}
      </Part>
      {claims.length > 0 && <Part title={t.claims.title}><Rows rows={claims} /></Part>}
      {reasons === 'none' ? <p className="report-note">{t.gone}</p> : (
        <>
          {reasons === 'part' && <p className="report-note">{fill(t.since, { day: since })}</p>}
          <Part title={t.chosen.title}>{chosen.length ? <Rows rows={chosen} /> : <p className="dim">{t.chosen.none}</p>}</Part>
          <Part title={t.others.title}>
            <p className="dim">{d.compared ? fill(t.others.lead, { n: d.compared }) : t.others.none}</p>
            <Rows title={t.others.terms} rows={rowsOf(d.by_term, t.others.term)} />
            <Rows title={t.others.able} rows={rowsOf(d.not_able, t.others.reason)} />
          </Part>
          <Part title={t.fairness.title}>{fair ? <Rows rows={[[t.fairness.gained, d.gained], [t.fairness.lost, d.lost]]} /> : <p className="dim">{t.fairness.off}</p>}</Part>
        </>
      )}
      <Part title={t.rules.title}>
        <Rows rows={[
          [t.rules.mode, t.rules.modes[p.mode]], ...(p.mode === 'offer' ? [[t.rules.answer, duration(p.offer_ttl_s, t.rules)] as const] : []), [t.rules.orders, p.max_orders], [t.rules.refusal, duration(p.refusal_s, t.rules)],
          [t.rules.day, duration(p.work.day_s, t.rules)], [t.rules.stretch, duration(p.work.stretch_s, t.rules)], [t.rules.breaks, duration(p.work.breaks_s ?? 0, t.rules)], [t.rules.rest, p.work.rest_s ? duration(p.work.rest_s, t.rules) : '–'],
          ...(p.fairness.idle > 0 ? [[t.rules.idle, fill(t.rules.weighs, { n: p.fairness.idle })] as const] : []), ...(p.fairness.earnings > 0 ? [[t.rules.earnings, fill(t.rules.weighsEarned, { n: p.fairness.earnings })] as const] : []),
        ]} />
      </Part>
      <Part title={t.how}><p>{zh ? r.how.zh : r.how.en}</p></Part>
      <Part title={t.ask.title}><p>{t.ask.text}</p></Part>
    </div>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => <section><h2>{title}</h2>{children}</section>

function Rows({ title, rows }: { title?: string; rows: readonly (Row | readonly [string, string | number])[] }) {
  if (rows.length === 0) return null
  return (
    <>
      {title && <h3>{title}</h3>}
      <dl>{rows.map(([label, n]) => <div key={label}><dt>{label}</dt><dd className="num">{n}</dd></div>)}</dl>
    </>
  )
}
