import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState, type FormEvent } from 'react'
import { money } from '../../lib/format'
import { uuid } from '../../lib/uuid'
import * as api from '../api'
import { minorOf } from '../days'
import { useSending } from '../sending'
import { useOffice } from '../words'

// AdjustDialog puts an account right by a line of its own, with a reason. Its id is made once: a second click, or a lost answer, writes nothing twice.
export function AdjustDialog({ settlement: s, onClose }: { settlement: api.Settlement; onClose(): void }) {
  const { t, i18n } = useOffice()
  const [id] = useState(uuid)
  const [amount, setAmount] = useState('')
  const [reason, setReason] = useState('')
  const [order, setOrder] = useState('')
  const [sent, setSent] = useState(false)
  const { busy, faults, forgive, send } = useSending(onClose)
  const minor = minorOf(amount, s.currency)
  const wrong = { amount: !minor && t('money.wrongAmount'), reason: !reason.trim() && t('money.wrongReason'), order_id: order.trim() !== '' && !/^ord_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(order.trim()) && t('money.wrongOrder') }
  const error = (field: keyof typeof wrong) => faults.fields[field] ?? (sent ? wrong[field] : false)
  const typed = (set: (v: string) => void) => (e: { currentTarget: { value: string } }) => { set(e.currentTarget.value); forgive() }
  const write = async (e: FormEvent) => {
    e.preventDefault()
    setSent(true)
    if (!minor || wrong.reason || wrong.order_id) return
    await send(() => api.adjust({
      client_id: id, amount: minor, currency: s.currency, reason: reason.trim(), ...(s.account === 'merchant' ? { merchant_id: s.merchant_id } : { rider_id: s.rider_id }), ...(order.trim() && { order_id: order.trim() }),
    }), t('money.done', { name: s.name, amount: money(minor, s.currency, i18n.language) }))
  }
  return (
    <Modal opened onClose={onClose} title={t('money.adjustTitle', { name: s.name })} size={460} centered transitionProps={{ duration: 120 }} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <form onSubmit={(e) => void write(e)} noValidate data-testid="adjust-form">
        <Stack gap="sm">
          <Text size="sm" c="dimmed">{t('money.adjustHint')}</Text>
          <TextInput name="amount" label={`${t('money.amount')} (${s.currency})`} description={t(s.account === 'merchant' ? 'money.amountHintMerchant' : 'money.amountHintRider')} inputMode="decimal" autoComplete="off" value={amount} onChange={typed(setAmount)} error={error('amount')} data-autofocus />
          <Textarea name="reason" label={t('money.reason')} description={t('money.reasonHint')} maxLength={500} autosize minRows={2} value={reason} onChange={typed(setReason)} error={error('reason')} />
          <TextInput name="order" label={t('money.order')} description={t('money.orderHint')} autoComplete="off" value={order} onChange={typed(setOrder)} error={error('order_id')} />
          {faults.whole && <p className="side-wrong" role="alert">{faults.whole}</p>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t('back')}</Button>
            <Button type="submit" loading={busy} data-testid="write">{t('money.write')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
