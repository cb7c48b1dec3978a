import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { OrderFull } from '../api/types'
import { shortId } from '../lib/format'
import { useLive } from '../live/store'
import { select } from '../ui'

// The other orders of a job, as far as the live list has them: one rider carries all, and what is assigned by hand takes them along.
export function Mates({ order }: { order: OrderFull }) {
  const { t } = useTranslation()
  const orders = useLive((s) => s.orders)
  const mates = useMemo(() => [...orders.values()].filter((o) => o.job_id === order.job_id && o.id !== order.id), [orders, order.job_id, order.id])
  return (
    <>
      <dt>{t('detail.job')}</dt>
      <dd title={order.job_id} data-testid="mates">
        {mates.length === 0 ? shortId(order.job_id) : mates.map((o) => (
          <button key={o.id} type="button" className="plain num" style={{ display: 'block' }} onClick={() => select({ kind: 'order', id: o.id }, { locate: true })}>
            {shortId(o.id)} · {t(`state.${o.state}`)} · {o.address}
          </button>
        ))}
      </dd>
    </>
  )
}
