import { Button, Chip, Group, Input, Modal, MultiSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Vehicle, Zone } from '../../api/types'
import * as api from '../api'
import { useSending } from '../sending'
import { useOffice } from '../words'
import { bodyOf, weekdays, wrongIn, type Form } from './form'

const vehicles: readonly Vehicle[] = ['walking', 'bicycle', 'ebike', 'motorcycle', 'car']
const usual: Form = { name: '', weekdays: [...weekdays], from: '', to: '', places: 5, vehicles: [], first_day: '', last_day: '' }

// TemplateDialog makes a template, or changes of one what may change: its days and times are what people have booked.
export function TemplateDialog({ zone, template, today, onClose }: { zone: Zone; template: api.Template | null; today: string; onClose(): void }) {
  const { t } = useOffice()
  const { t: common } = useTranslation()
  const queries = useQueryClient()
  const [f, setF] = useState<Form>(() => template ? { ...template, last_day: template.last_day ?? '' } : { ...usual, first_day: today })
  const [sent, setSent] = useState(false)
  const { busy, faults, forgive, send } = useSending(onClose)
  const wrong = wrongIn(f)
  const error = (field: keyof Form) => faults.fields[field] ?? (sent && wrong[field] ? t(`template.${wrong[field]}`) : null)
  const set = (change: Partial<Form>) => { setF({ ...f, ...change }); forgive() }
  const save = async (e: FormEvent) => {
    e.preventDefault()
    setSent(true)
    if (Object.keys(wrong).length) return
    await send(async () => {
      await (template ? api.updateTemplate(template.id, { name: f.name.trim(), places: Number(f.places), ...(f.last_day && { last_day: f.last_day }) }) : api.createTemplate(bodyOf(f, zone.id)))
      await Promise.all([queries.invalidateQueries({ queryKey: ['templates'] }), queries.invalidateQueries({ queryKey: ['slots'] })])
    }, t('template.saved'))
  }
  return (
    <Modal opened onClose={onClose} title={template ? template.name || t('template.edit') : t('template.add')} size={480} centered transitionProps={{ duration: 120 }} closeButtonProps={{ 'aria-label': t('keys.close') }}>
      <form onSubmit={(e) => void save(e)} noValidate data-testid="template-form">
        <Stack gap="sm">
          <TextInput name="name" label={t('template.name')} description={t('template.nameHint')} value={f.name} maxLength={200} onChange={(e) => set({ name: e.currentTarget.value })} error={error('name')} data-autofocus />
          {template ? <Text size="sm" c="dimmed">{t('template.fixed')}</Text> : (
            <>
              <Input.Wrapper label={t('template.weekdays')} error={error('weekdays')} labelElement="div">
                <Chip.Group multiple value={f.weekdays} onChange={(v) => set({ weekdays: v as api.Weekday[] })}>
                  <Group gap={6} mt={4} role="group" aria-label={t('template.weekdays')}>{weekdays.map((d) => <Chip key={d} value={d} size="xs">{t(`weekday.${d}`)}</Chip>)}</Group>
                </Chip.Group>
              </Input.Wrapper>
              <Group grow align="flex-start">
                <TextInput name="from" type="time" label={t('template.from')} value={f.from} onChange={(e) => set({ from: e.currentTarget.value })} error={error('from')} />
                <TextInput name="to" type="time" label={t('template.to')} value={f.to} onChange={(e) => set({ to: e.currentTarget.value })} error={error('to')} {...(f.to && f.from && f.to <= f.from && { description: t('template.toHint') })} inputWrapperOrder={['label', 'input', 'description', 'error']} />
              </Group>
            </>
          )}
          <NumberInput name="places" label={t('template.places')} value={f.places} min={1} max={10_000} allowDecimal={false} onChange={(v) => set({ places: v })} error={error('places')} {...(template && { description: t('template.fewer') })} inputWrapperOrder={['label', 'input', 'description', 'error']} />
          {!template && (
            <MultiSelect label={t('template.vehicles')} placeholder={f.vehicles.length ? '' : t('template.anyVehicle')} data={vehicles.map((v) => ({ value: v, label: common(`vehicle.${v}`) }))} value={f.vehicles} onChange={(v) => set({ vehicles: v as Vehicle[] })} />
          )}
          <Group grow align="flex-start">
            {!template && <TextInput name="first_day" type="date" label={t('template.firstDay')} value={f.first_day} onChange={(e) => set({ first_day: e.currentTarget.value })} error={error('first_day')} />}
            <TextInput name="last_day" type="date" label={t('template.lastDay')} description={t('template.lastDayHint')} value={f.last_day} onChange={(e) => set({ last_day: e.currentTarget.value })} error={error('last_day')} inputWrapperOrder={['label', 'input', 'description', 'error']} />
          </Group>
          {faults.whole && <p className="side-wrong" role="alert">{faults.whole}</p>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>{t('back')}</Button>
            <Button type="submit" loading={busy} data-testid="save-template">{t('save')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
