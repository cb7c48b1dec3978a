import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { usePathname } from 'wouter/use-browser-location'
import { ApiError, whenUnauthenticated } from './api/client'
import * as api from './api/console'
import type { Session } from './api/types'
import { Login } from './login/Login'
import { forget } from './lib/forget'

const Console = lazy(() => import('./shell/Console'))
const Office = lazy(() => import('./office/Office'))
const desk = /^\/(shifts|settlements|reports\/rid_\w+)$/

export function App() {
  const queries = useQueryClient()
  const path = usePathname()
  useEffect(() => {
    whenUnauthenticated(() => {
      const had = queries.getQueryData<Session | null>(['me'])
      queries.setQueryData(['me'], null)
      if (had) queries.setQueryData(['ended'], true)
    })
  }, [queries])

  const me = useQuery<Session | null>({
    queryKey: ['me'],
    queryFn: ({ signal }) => api.me(signal).catch((e: unknown) => {
      if (e instanceof ApiError && e.status === 401) return null
      throw e
    }),
    staleTime: Infinity,
    retry: 3,
  })
  const ended = useQuery({ queryKey: ['ended'], queryFn: () => false, staleTime: Infinity }).data ?? false

  if (me.isPending) return null // a few milliseconds; a spinner would only flash
  if (!me.data) {
    return (
      <Login
        ended={ended}
        onDone={(session) => {
          forget(queries) // whatever the one before was shown
          queries.setQueryData(['me'], session)
          queries.setQueryData(['ended'], false)
        }}
      />
    )
  }
  return (
    <Suspense fallback={null}>
      {desk.test(path) ? <Office session={me.data} /> : <Console session={me.data} />}
    </Suspense>
  )
}
