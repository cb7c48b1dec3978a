// Exact situations, made by the fake city: lost lines, races, loads, keys.
import { expect, test, type Page } from '@playwright/test'
import { accessible, login, probe, ready, showAll } from '../console'
import { startFake } from './server.mjs'

type Fake = Awaited<ReturnType<typeof startFake>>
let fake: Fake
test.beforeEach(async () => {
  fake = await startFake({ riders: 120, orders: 140 })
})
test.afterEach(() => fake.close())

const steer = (change: object) => fetch(`${fake.url}/__fake`, { method: 'POST', body: JSON.stringify(change) })
const waiting = () => [...fake.city.orders.values()].find((o) => o.state === 'pending')!

test('opens on exceptions, by urgency; J and K walk the list; Esc lets go', async ({ page }) => {
  await login(page, fake.url)
  const rows = page.locator('[data-order]')
  await expect(rows.first()).toBeVisible()
  await expect(page.locator('.item.band-ok')).toHaveCount(0)
  await page.keyboard.press('j')
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true')
  const id = await rows.nth(1).getAttribute('data-order')
  await page.keyboard.press('j')
  await expect(page.locator(`[data-order="${id}"]`)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('k')
  await expect(page.getByTestId('order-detail')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('order-detail')).toHaveCount(0)
})

test('search finds in every band, / goes there, ? shows the keys', async ({ page }) => {
  await login(page, fake.url)
  const o = [...fake.city.orders.values()].find((x) => x.state === 'picked_up')!
  await page.keyboard.press('/')
  await page.keyboard.type(o.external_id)
  await expect(page.locator(`[data-order="${o.id}"]`)).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('a new exception is at hand within a second', async ({ page }) => {
  await login(page, fake.url)
  await expect(page.locator('[data-order]').first()).toBeVisible()
  const o = waiting()
  o.version++
  o.promise_at = new Date(fake.city.now() - 3600_000).toISOString()
  await steer({ tellOrder: o.id })
  await expect(page.locator(`[data-order="${o.id}"]`)).toBeVisible({ timeout: 3000 })
  await expect(page.locator('[data-order]').first()).toHaveAttribute('data-order', o.id)
})

test('somebody was faster: it says who, shows how it stands, and changes nothing', async ({ page }) => {
  const o = waiting()
  await login(page, fake.url, `/orders/${o.id}`)
  await expect(page.getByTestId('candidates').locator('[data-assign]').first()).toBeVisible()
  await steer({ race: o.id })
  await page.keyboard.press('1')
  await expect(page.locator('.mantine-Notification-root')).toContainText('李主管')
  await expect(page.getByTestId('order-detail')).toHaveAttribute('data-state', 'assigned')
  expect(o.version).toBe(2)
})

test('undo gives an order back to the rider who had it', async ({ page }) => {
  const o = [...fake.city.orders.values()].find((x) => x.state === 'assigned')!
  const had = o.rider_id
  await login(page, fake.url, `/orders/${o.id}`)
  await page.getByTestId('candidates').locator('[data-assign]').first().click()
  await expect.poll(() => o.rider_id).not.toBe(had)
  await page.getByTestId('undo').click()
  await expect.poll(() => o.rider_id).toBe(had)
})

test('a handover: whom the server ranks, what it means, a refusal at the dialog, asked, answered, called off', async ({ page }) => {
  const o = [...fake.city.orders.values()].find((x) => x.state === 'assigned')!
  await login(page, fake.url, `/orders/${o.id}`)
  await expect(page.getByTestId('order-detail')).toBeVisible()
  await page.keyboard.press('h')
  const takers = page.getByTestId('takers').getByRole('radio')
  await expect(takers).toHaveCount(5)
  await expect(page.getByTestId('confirm')).toBeDisabled() // nobody chosen
  await takers.first().focus()
  await page.keyboard.press('ArrowDown')
  await expect(takers.nth(1)).toBeChecked()
  await page.locator('input[name=reason]').fill('flat tyre')
  await accessible(page)
  await steer({ refuse: 'in_handover' })
  await page.getByTestId('confirm').click()
  await expect(page.getByTestId('handover-form').getByRole('alert')).toContainText(/being asked|询问/)
  await steer({ refuse: '' })
  const to = (await takers.nth(1).getAttribute('data-taker'))!
  await page.getByTestId('confirm').click()
  await expect(page.getByTestId('handover-form')).toHaveCount(0)
  expect(fake.city.handovers).toMatchObject([{ taker: { id: to }, order_ids: [o.id], reason: 'flat tyre' }])
  const shown = page.getByTestId('handover')
  await expect(shown).toHaveAttribute('data-state', 'open')
  await page.getByTestId('call-off').click()
  await expect(shown).toHaveAttribute('data-state', 'cancelled')

  await page.getByTestId('hand-over').click()
  await takers.first().click()
  await page.getByTestId('confirm').click()
  await expect(shown).toHaveAttribute('data-state', 'open')
  await shown.getByRole('button', { name: fake.city.handovers[0].taker.name }).click() // the rider's panel tells it too
  await expect(page.getByTestId('rider-detail').getByTestId('handover')).toHaveAttribute('data-state', 'open')
  fake.city.answerHandover(fake.city.handovers[0].id, 'declined', 'too far')
  await page.goto(`${fake.url}/orders/${o.id}`)
  await expect(shown).toContainText('too far')
})

test('cancel asks why and whose fault', async ({ page }) => {
  const o = waiting()
  await login(page, fake.url, `/orders/${o.id}`)
  await page.getByTestId('cancel').click()
  await expect(page.getByTestId('confirm')).toBeDisabled()
  await page.getByRole('dialog').locator('input').first().click()
  await page.getByRole('option', { name: /Store is closed|门店已打烊/ }).click()
  await page.getByTestId('confirm').click()
  await expect.poll(() => o.state).toBe('cancelled')
  await expect(page.getByTestId('order-detail')).toHaveAttribute('data-state', 'cancelled')
})

test('a silent line: old is said to be old, actions are locked, and it comes back', async ({ page }) => {
  const o = waiting()
  await login(page, fake.url, `/orders/${o.id}`)
  await expect(page.getByTestId('candidates').locator('[data-assign]').first()).toBeEnabled()
  await steer({ down: true })
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'reconnecting')
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'stale', { timeout: 30_000 })
  await expect(page.getByRole('alert')).toBeVisible()
  await expect(page.getByTestId('candidates').locator('[data-assign]').first()).toBeDisabled()
  await page.keyboard.press('1')
  await page.waitForTimeout(500)
  expect(o.state).toBe('pending')
  await accessible(page)
  await steer({ down: false })
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live', { timeout: 30_000 })
  await expect(page.getByTestId('candidates').locator('[data-assign]').first()).toBeEnabled()
})

const reports = () => {
  const [one, other] = [...fake.city.riders.values()]
  const at = (s: number) => new Date(fake.city.now() - s * 1000).toISOString()
  return [
    { id: 'inc_wait', kind: 'long_wait', rider_id: other!.id, name: other!.name, phone: '+39 055 222', zone_id: '', order_id: waiting().id, at: at(300), location: null, note: '20 min' },
    { id: 'inc_alarm', kind: 'alarm', rider_id: one!.id, name: one!.name, phone: '+39 055 111', zone_id: '', order_id: '', at: at(4), location: { lat: 43.77123, lng: 11.25456 }, note: '' },
  ]
}

test('an alarm comes first, says who and where, and stays until a dispatcher takes care of it', async ({ page }) => {
  await login(page, fake.url)
  await expect(page.locator('[data-order]').first()).toBeVisible()
  await steer({ alerts: reports() })
  const alarm = page.getByTestId('alert-alarm')
  await expect(alarm).toContainText('+39 055 111', { timeout: 3000 })
  await expect(alarm).toContainText('43.77123, 11.25456')
  await expect(page.getByTestId('alerts').locator('.alert').first()).toHaveClass(/alarm/)
  await accessible(page)
  await alarm.getByRole('button').last().click()
  await expect(alarm).toHaveCount(0)
  await expect(page.getByTestId('alert-long_wait')).toBeVisible()
  await page.reload() // what is open is in the snapshot
  await expect(page.getByTestId('alert-long_wait')).toBeVisible()
  await expect(alarm).toHaveCount(0)
})

test('a viewer sees an alarm, and leaves it to dispatchers', async ({ page }) => {
  await steer({ role: 'viewer', alerts: reports() })
  await login(page, fake.url)
  await expect(page.getByTestId('alert-alarm')).toBeVisible()
  await expect(page.getByTestId('alert-alarm').getByRole('button')).toHaveCount(1) // the name
})

test('a viewer may look, not act', async ({ page }) => {
  await steer({ role: 'viewer' })
  const o = waiting()
  await login(page, fake.url, `/orders/${o.id}`)
  await expect(page.getByTestId('order-detail')).toBeVisible()
  await expect(page.getByTestId('assign')).toHaveCount(0)
  await expect(page.getByTestId('candidates')).toHaveCount(0)
  await page.keyboard.press('1')
  await page.waitForTimeout(300)
  expect(o.state).toBe('pending')
})

test('panels are resized by key, and remembered', async ({ page }) => {
  await login(page, fake.url)
  const splitter = page.getByRole('separator').first()
  await splitter.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(splitter).toHaveAttribute('aria-valuenow', '372')
  await page.reload()
  await expect(page.getByRole('separator').first()).toHaveAttribute('aria-valuenow', '372')
})

test('the map picks the drop-off under the pointer', async ({ page }) => {
  await login(page, fake.url)
  await ready(page)
  const { drops, riders, stores } = await probe(page)
  const all = [...drops, ...riders, ...stores]
  const alone = drops.find((d) => all.every((o) => o.id === d.id || Math.hypot(o.x - d.x, o.y - d.y) > 26) && d.x > 250 && d.y > 90 && d.y < 600)!
  const box = (await page.getByTestId('overlay').boundingBox())!
  await page.mouse.move(box.x + alone.x, box.y + alone.y)
  await expect(page.getByRole('tooltip')).toBeVisible()
  await page.mouse.click(box.x + alone.x, box.y + alone.y)
  await expect(page.getByTestId('order-detail')).toBeVisible()
  expect(new URL(page.url()).pathname).toBe(`/orders/${alone.id}`)
})

test('7,500 riders and 3,000 orders', async ({ page }) => {
  test.setTimeout(180_000)
  fake.close()
  fake = await startFake({ riders: 7500, orders: 3000 })
  await login(page, fake.url)
  await showAll(page)
  await ready(page)
  const p = await probe(page)
  expect(p.riders.length).toBe(7500)
  expect(p.tier).toBe(0)
  expect(await page.locator('[data-order]').count()).toBeLessThan(40) // only what is in view
  const t = Date.now()
  await page.keyboard.press('j')
  await expect(page.getByTestId('order-detail')).toBeVisible()
  expect(Date.now() - t).toBeLessThan(5000)
})

const enter = async (page: Page, where: string, role: string) => {
  await steer({ role })
  await page.goto(fake.url + where)
  await page.locator('input[name=organization]').fill('demo')
  await page.locator('input[name=email]').fill('dispatcher@demo.paidan')
  await page.locator('input[name=password]').fill('paidan-demo')
  await page.locator('button[type=submit]').click()
}

test('settlements: found by name and account, read line by line, put right with a reason', async ({ page }) => {
  await enter(page, '/settlements', 'finance')
  const rows = page.getByTestId('settlement')
  await expect(rows).toHaveCount(30)
  await accessible(page)
  await page.getByTestId('account').getByText(/Riders|骑手/).click()
  await expect(rows).toHaveCount(18)
  await page.getByTestId('account').getByText(/All|全部/).click()
  await page.getByTestId('find').fill('江南')
  await expect(rows).toHaveCount(6)
  await page.getByTestId('find').press('Escape')
  await page.getByTestId('find').blur()
  await page.keyboard.press('j')
  await expect(rows.first()).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByTestId('line')).toHaveCount(9)
  await expect(page.getByTestId('csv')).toHaveAttribute('href', /\/v1\/console\/settlements\/stl_\w+\/csv$/)
  await page.getByTestId('adjust').click()
  await page.getByTestId('write').click()
  expect(fake.office.adjusted).toEqual([]) // nothing is sent before it is whole
  await page.locator('input[name=amount]').fill('-12,5')
  await page.locator('textarea[name=reason]').fill('cold food')
  await accessible(page)
  await page.getByTestId('write').dblclick()
  await expect(page.getByTestId('adjust-form')).toHaveCount(0)
  const [first] = fake.office.adjusted
  expect(first).toMatchObject({ amount: -1250, currency: 'CNY', reason: 'cold food', merchant_id: expect.stringMatching(/^mer_/) })
  expect(new Set(fake.office.adjusted.map((a: { client_id: string }) => a.client_id)).size).toBe(1) // however often it was sent
  await steer({ alerts: reports() }) // whoever does the books hears of an alarm, too
  await expect(page.getByTestId('alert-alarm')).toBeVisible()
  await page.getByTestId('to-live').click()
  await expect(page.locator('[data-order]').first()).toBeVisible()
})

test('a rider’s month: how decisions were made, from the rider’s panel, to print and as data', async ({ page }) => {
  const r = fake.city.riders[0]!
  await login(page, fake.url, `/riders/${r.id}`)
  await page.getByTestId('report').click()
  const body = page.getByTestId('report-body')
  await expect(body).toHaveAttribute('data-month', '2026-03')
  await expect(body).toContainText(/too far|太远/)
  await expect(body).toContainText(/another rider got it|其他骑手抢到/)
  await accessible(page)
  await page.getByTestId('month-before').click()
  await expect(body).toHaveAttribute('data-month', '2026-02')
  await expect(page.getByTestId('json')).toHaveAttribute('href', `/v1/console/riders/${r.id}/reports/2026-02`)
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByTestId('print')).toBeHidden()
  await expect(body).toBeVisible()
})

test('a viewer reads shifts and settlements, and is offered nothing that would be refused', async ({ page }) => {
  await enter(page, '/shifts', 'viewer')
  await expect(page.getByTestId('slot').first()).toBeVisible()
  await page.keyboard.press('n')
  await expect(page.getByTestId('template-form')).toHaveCount(0)
  await page.keyboard.press('j')
  await expect(page.getByTestId('take-out')).toHaveCount(0)
  await expect(page.getByTestId('book')).toHaveCount(0)
  await accessible(page)
  await page.goto(`${fake.url}/settlements`)
  await page.getByTestId('settlement').first().click()
  await expect(page.getByTestId('line').first()).toBeVisible()
  await expect(page.getByTestId('adjust')).toHaveCount(0)
})
