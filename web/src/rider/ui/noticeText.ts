// The server's refusals in words that a rider can act on. Pure.
import type { OrderState } from '../api'
import { isStep } from '../queue/action'
import type { Notice } from '../queue/notice'
import { fill } from '../../lib/fill'
import type { Words } from '../words/en'

export function noticeText(t: Words, n: Pick<Notice, 'kind' | 'code' | 'state' | 'detail'>): string {
  const state = t.state[n.state as OrderState] ?? n.state
  switch (n.code) {
    case 'offer_closed':
      return t.notice.offerGone
    case 'not_found':
      return isStep(n.kind) || n.kind === 'report' ? t.notice.reassigned : t.notice.offerGone
    case 'handover_closed':
      return t.notice.handoverClosed
    case 'impossible_transition':
      if (!n.state) break
      if (n.state === 'cancelled') return t.notice.cancelled
      if (n.state === 'pending' || n.state === 'offered' || n.state === 'scheduled') return t.notice.reassigned
      return fill(n.state === 'delivered' || n.state === 'returned' ? t.notice.ended : t.notice.impossible, { state })
    case 'taken_away':
      return n.state === 'cancelled' ? t.notice.cancelled : t.notice.reassigned
    case 'too_old':
      return t.notice.tooOld
    case 'proof_wrong':
      return t.notice.pin
    case 'proof_missing':
      return t.notice.missing
    case 'internal':
      return t.notice.server
  }
  return fill(t.notice.other, { detail: n.detail || n.code })
}
