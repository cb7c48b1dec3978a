import { createContext, use } from 'react'
import type { Session } from '../api/types'
import { useLive } from '../live/store'

export const SessionContext = createContext<Session | null>(null)

export function useSession(): Session {
  const s = use(SessionContext)
  if (!s) throw new Error('outside a session')
  return s
}

export const useTimeZone = () => useSession().tenant.timezone

// useMayAct: whether the role may change anything, and whether the picture is fresh enough to.
export function useMayAct(): { role: boolean; fresh: boolean } {
  const { user } = useSession()
  const link = useLive((s) => s.link)
  return { role: user.role === 'admin' || user.role === 'dispatcher', fresh: link === 'live' || link === 'reconnecting' }
}
