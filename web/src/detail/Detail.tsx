import { IconPointer } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useUi } from '../ui'
import { OrderPanel } from './OrderPanel'
import { RiderPanel } from './RiderPanel'
import './detail.css'

export function Detail() {
  const { t } = useTranslation()
  const selected = useUi((s) => s.selected)
  if (!selected) {
    return (
      <div className="detail-empty">
        <IconPointer size={30} stroke={1.4} />
        <b>{t('detail.none')}</b>
        <span>{t('detail.noneHint')}</span>
      </div>
    )
  }
  return selected.kind === 'order' ? <OrderPanel key={selected.id} id={selected.id} /> : <RiderPanel key={selected.id} id={selected.id} />
}
