import { notifications } from '@mantine/notifications'
import { IconCheck } from '@tabler/icons-react'
import { useState } from 'react'
import { faultsOf, noFaults } from './faults'
import { useOffice } from './words'

// useSending is a form's way to the server: whether it is under way, what was refused, and that it was done, which is said in a note.
export function useSending(onDone: () => void) {
  const { t } = useOffice()
  const [busy, setBusy] = useState(false)
  const [faults, setFaults] = useState(noFaults)
  const send = async (act: () => Promise<unknown>, message: string) => {
    setBusy(true)
    try {
      await act()
      notifications.show({ color: 'teal', message, icon: <IconCheck size={18} />, closeButtonProps: { 'aria-label': t('keys.close') } })
      onDone()
    } catch (e) {
      setFaults(faultsOf(t, e))
    } finally {
      setBusy(false)
    }
  }
  return { busy, faults, forgive: () => setFaults(noFaults), send }
}
