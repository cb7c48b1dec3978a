import type { QueryClient } from '@tanstack/react-query'

// forget drops what was read in a session. The session's own queries stay: the page is watching them.
export function forget(queries: QueryClient) {
  queries.removeQueries({ predicate: (q) => q.queryKey[0] !== 'me' && q.queryKey[0] !== 'ended' })
}
