import { Modal } from '@mantine/core'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { useUi } from '../ui'

const rows = [
  [['J', 'K'], 'next'], [['Enter'], 'open'], [['A'], 'assign'], [['1', '…', '9'], 'pick'], [['Z'], 'undo'], [['U'], 'unassign'], [['H'], 'handOver'],
  [['F'], 'follow'], [['/'], 'search'], [['T'], 'tabs'], [['Esc'], 'escape'], [['?'], 'sheet'],
] as const

export function Help() {
  const { t } = useTranslation()
  const open = useUi((s) => s.help)
  return (
    <Modal opened={open} onClose={() => useUi.setState({ help: false })} title={t('help.title')} closeButtonProps={{ 'aria-label': t('detail.close') }}
      size={420} centered transitionProps={{ duration: 120 }}>
      <div className="help-grid">
        {rows.map(([keys, what]) => (
          <Fragment key={what}>
            <span className="keys">{keys.map((k) => <kbd key={k} className="key">{k}</kbd>)}</span>
            <span>{t(`help.${what}`)}</span>
          </Fragment>
        ))}
      </div>
    </Modal>
  )
}
