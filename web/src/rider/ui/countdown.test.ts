import { expect, test } from 'vitest'
import { noon, offer } from '../testing'
import { leftOf } from './countdown'

test.each([
  [0, 45, 1, false], [1, 45, 0.999978, false], [22_500, 23, 0.5, false], [34_999, 11, 0.222244, false], [35_000, 10, 0.222222, true], [44_001, 1, 0.0222, true], [45_000, 0, 0, true], [90_000, 0, 0, true],
  [-5000, 50, 1, false], // the phone’s idea of the server’s time is a little behind
])('after %i ms there are %i s', (ms, seconds, part, hurry) => {
  const left = leftOf(offer(), noon + ms)
  expect(left).toMatchObject({ seconds, hurry })
  expect(left.part).toBeCloseTo(part, 4)
})

test('an offer without time is over', () => {
  expect(leftOf(offer({ expires_at: offer().made_at }), noon)).toEqual({ seconds: 0, part: 0, hurry: true })
})
