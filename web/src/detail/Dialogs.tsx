import { Button, Group, Modal, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Fault, OrderFull } from '../api/types'
import { useUi } from '../ui'
import { useActions } from './actions'

const close = () => useUi.setState({ dialog: null })
const unassignReasons = ['rider_asked', 'rider_broke_down', 'too_slow', 'better_rider', 'dispatcher'] as const
const cancelReasons = ['customer_asked', 'customer_unreachable', 'store_closed', 'out_of_stock', 'no_rider', 'duplicate', 'other'] as const
const faults: readonly Fault[] = ['customer', 'merchant', 'rider', 'dispatcher', 'system']
type CancelReason = (typeof cancelReasons)[number]

// Whose fault a reason usually is; the dispatcher may say otherwise.
const usualFault: Record<CancelReason, Fault> = {
  customer_asked: 'customer', customer_unreachable: 'customer', store_closed: 'merchant', out_of_stock: 'merchant', no_rider: 'system', duplicate: 'customer', other: 'dispatcher',
}

export function UnassignDialog({ order, opened, name }: { order: OrderFull; opened: boolean; name: string }) {
  const { t } = useTranslation()
  const { unassign } = useActions()
  const [reason, setReason] = useState<string>('rider_asked')
  return (
    <Modal opened={opened} onClose={close} title={t('action.unassignTitle', { name })} size={420} centered transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': t('detail.close') }}>
      <form onSubmit={(e) => { e.preventDefault(); close(); void unassign(order, reason) }}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">{t('action.unassignText')}</Text>
          <Radio.Group value={reason} onChange={setReason} label={t('action.reason')}>
            <Stack gap={8} mt={8}>{unassignReasons.map((r) => <Radio key={r} value={r} label={t(`unassignReason.${r}`)} size="sm" />)}</Stack>
          </Radio.Group>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>{t('action.back')}</Button>
            <Button type="submit" data-autofocus data-testid="confirm">{t('action.unassign')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

export function CancelDialog({ order, opened }: { order: OrderFull; opened: boolean }) {
  const { t } = useTranslation()
  const { cancel } = useActions()
  const [reason, setReason] = useState<CancelReason | null>(null)
  const [fault, setFault] = useState<Fault>('customer')
  const [note, setNote] = useState('')
  return (
    <Modal opened={opened} onClose={close} title={t('action.cancelTitle')} size={420} centered transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': t('detail.close') }}>
      <form onSubmit={(e) => {
        e.preventDefault()
        if (!reason) return
        close()
        void cancel(order, note.trim() ? `${reason}: ${note.trim()}` : reason, fault)
      }}>
        <Stack gap="md">
          <Text size="sm" c="dimmed">{t('action.cancelText')}</Text>
          <Select label={t('action.reason')} data={cancelReasons.map((r) => ({ value: r, label: t(`cancelReason.${r}`) }))} value={reason} required withAsterisk={false} data-autofocus
            onChange={(v) => { if (v) { setReason(v as CancelReason); setFault(usualFault[v as CancelReason]) } }} allowDeselect={false} comboboxProps={{ withinPortal: true }} />
          <Select label={t('action.fault')} data={faults.map((f) => ({ value: f, label: t(`fault.${f}`) }))} value={fault} onChange={(v) => v && setFault(v as Fault)} allowDeselect={false} />
          <TextInput label={t('action.note')} value={note} onChange={(e) => setNote(e.currentTarget.value)} maxLength={200} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>{t('action.back')}</Button>
            <Button type="submit" color="red.8" disabled={!reason} data-testid="confirm">{t('action.cancel')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
