import { ActionIcon, Button, Skeleton } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../api/client'
import { select } from '../ui'

export function Section({ title, aside, children, id }: { title: string; aside?: ReactNode; children: ReactNode; id?: string }) {
  return (
    <div className="section" id={id}>
      <div className="section-head"><h3>{title}</h3>{aside && <span className="dim num">{aside}</span>}</div>
      {children}
    </div>
  )
}

export function Close() {
  const { t } = useTranslation()
  return (
    <ActionIcon variant="subtle" color="gray" c="var(--dim)" size={28} aria-label={t('detail.close')} onClick={() => select(null)} style={{ marginInlineStart: 'auto' }}>
      <IconX size={18} />
    </ActionIcon>
  )
}

export function Loading() {
  const { t } = useTranslation()
  return (
    <div style={{ padding: 16, display: 'grid', gap: 12 }} aria-busy="true" aria-label={t('detail.loading')} role="status">
      <Skeleton h={22} w="60%" /><Skeleton h={56} /><Skeleton h={36} /><Skeleton h={140} /><Skeleton h={90} />
    </div>
  )
}

export function Failed({ error, retry }: { error: Error; retry(): void }) {
  const { t } = useTranslation()
  const gone = error instanceof ApiError && error.status === 404
  return (
    <div className="detail-empty" role="alert">
      <b>{t(gone ? 'detail.gone' : 'detail.failed')}</b>
      {!gone && <Button size="xs" variant="default" onClick={retry}>{t('detail.retry')}</Button>}
      <Button size="xs" variant="subtle" onClick={() => select(null)}>{t('detail.close')}</Button>
    </div>
  )
}
