import { expect, test } from 'vitest'
import { sameKey } from './subscribe'

test('the key of a subscription is compared as the server writes it', () => {
  const key = new Uint8Array(65).map((_, i) => (i * 7 + 250) & 255)
  const text = btoa(String.fromCharCode(...key)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  expect(sameKey(key.buffer, text)).toBe(true)
  expect(sameKey(key.buffer, `${text}=`)).toBe(true)
  expect(sameKey(key.buffer, `A${text.slice(1)}`)).toBe(false)
  expect(sameKey(null, text)).toBe(false)
})
