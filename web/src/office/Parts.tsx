import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useOffice } from './words'

export function Failed({ retry }: { retry(): void }) {
  const { t } = useOffice()
  return <div className="office-empty" role="alert"><IconAlertTriangle size={22} />{t('failed')}<Button size="xs" variant="default" onClick={retry}>{t('again')}</Button></div>
}

export const Empty = ({ title, children }: { title: string; children?: ReactNode }) => <div className="office-empty"><b>{title}</b>{children}</div>

export function Keys({ of }: { of: [string[], string][] }) {
  return <div className="office-keys">{of.map(([keys, what]) => <span key={what}>{keys.map((k) => <kbd key={k} className="key">{k}</kbd>)} {what}</span>)}</div>
}
