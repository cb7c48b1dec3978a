import { expect, test } from 'vitest'
import { pauseMs, sseParser, type ServerEvent } from './sse'

function parse(...chunks: string[]): ServerEvent[] {
  const out: ServerEvent[] = []
  const feed = sseParser((e) => out.push(e))
  for (const c of chunks) feed(c)
  return out
}
const text = 'id: 7\nevent: kpi\ndata: {"open":1}\n\n: ping\n\nid: 8\nevent: orders\ndata: a\ndata: b\n\n'

test('events, comments, ids, several data lines', () => {
  expect(parse(text)).toEqual([{ event: 'kpi', data: '{"open":1}', id: '7' }, { event: 'orders', data: 'a\nb', id: '8' }])
})

test('however the bytes are cut', () => {
  const whole = parse(text)
  for (let i = 1; i < text.length; i++) expect(parse(text.slice(0, i), text.slice(i))).toEqual(whole)
  expect(parse(...text)).toEqual(whole)
})

test('line ends of another kind, and an event that never ends', () => {
  expect(parse('event: kpi\r\ndata: 1\r\n\r\ndata: half')).toEqual([{ event: 'kpi', data: '1', id: '' }])
})

test('pauses grow to ten seconds and are spread', () => {
  expect([0, 1, 2, 3, 9].map((n) => pauseMs(n, () => 0.5))).toEqual([500, 1000, 2000, 4000, 10_000])
  expect(pauseMs(0, () => 0)).toBeLessThan(pauseMs(0, () => 0.99))
})
