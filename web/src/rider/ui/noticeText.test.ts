import { expect, test } from 'vitest'
import type { Notice } from '../queue/notice'
import { en } from '../words/en'
import { zh } from '../words/zh'
import { noticeText } from './noticeText'

const n = (change: Partial<Notice>): Notice => ({ id: '1', kind: 'deliver', about: 'ord_a', name: '', code: 'impossible_transition', state: '', detail: '', ...change })

test.each<[Partial<Notice>, string]>([
  [{ state: 'cancelled' }, en.notice.cancelled],
  [{ state: 'pending' }, en.notice.reassigned],
  [{ state: 'returned' }, 'This order has ended already: back at the store.'],
  [{ state: 'assigned' }, 'This does not fit any more: the order is now “assigned”.'],
  [{ code: 'not_found' }, en.notice.reassigned],
  [{ code: 'not_found', kind: 'accept' }, en.notice.offerGone],
  [{ code: 'offer_closed', kind: 'accept' }, en.notice.offerGone],
  [{ code: 'proof_wrong' }, en.notice.pin],
  [{ code: 'too_many_proofs', detail: 'Twenty are enough.' }, 'The server did not take this. Twenty are enough.'],
  [{ code: 'new_code' }, 'The server did not take this. new_code'],
])('%j', (change, text) => {
  expect(noticeText(en, n(change))).toBe(text)
  expect(noticeText(zh, n(change))).toMatch(/[\u4e00-\u9fff]/)
})
