// Against the real server with its demo city: whatever a dispatcher does from log-in to undo.
import { expect, test, type Page } from '@playwright/test'
import { accessible, login, probe, ready, showAll, theme, watchRequests } from '../console'
import { startServer, type Running } from '../server'

let server: Running
test.beforeAll(async () => {
  test.setTimeout(150_000)
  server = await startServer()
})
test.afterAll(() => server?.stop())

// The demo needs a moment until orders wait for somebody.
async function waitingOrder(page: Page) {
  await showAll(page)
  const row = page.locator('[data-order]', { hasText: /No rider|无骑手/ }).first()
  await expect(row).toBeVisible({ timeout: 90_000 })
  await row.click()
  await expect(page.getByTestId('order-detail')).toBeVisible()
}

test('wrong password, then in; the page stays on its own server', async ({ page }) => {
  const strays = watchRequests(page, server.url)
  await page.goto(server.url)
  await page.locator('input[name=organization]').fill('demo')
  await page.locator('input[name=email]').fill('dispatcher@demo.paidan')
  await page.locator('input[name=password]').fill('wrong')
  await page.locator('button[type=submit]').click()
  await expect(page.getByRole('alert')).toBeVisible()
  await login(page, server.url)
  await ready(page)
  expect(strays).toEqual([])
  await page.reload()
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live')
})

test('the map is live: riders are drawn where the stream says, and move', async ({ page }) => {
  await login(page, server.url)
  await ready(page)
  await expect.poll(async () => (await probe(page)).riders.length, { timeout: 60_000 }).toBeGreaterThan(5)
  const before = new Map((await probe(page)).riders.map((r) => [r.id, r]))
  await expect.poll(async () => (await probe(page)).riders.some((r) => {
    const b = before.get(r.id)
    return b && Math.hypot(b.x - r.x, b.y - r.y) > 0.3
  }), { timeout: 60_000 }).toBe(true)
})

test('a rider clicked on the map opens', async ({ page }) => {
  await login(page, server.url)
  await ready(page)
  await expect.poll(async () => (await probe(page)).riders.length, { timeout: 60_000 }).toBeGreaterThan(0)
  const { riders, stores, drops } = await probe(page)
  const others = [...stores, ...drops]
  const alone = riders.find((r) => [...riders, ...others].every((o) => o.id === r.id || Math.hypot(o.x - r.x, o.y - r.y) > 30) && r.x > 60 && r.x < 600 && r.y > 60 && r.y < 560)
  test.skip(!alone, 'nobody rides alone at the moment')
  const box = (await page.getByTestId('overlay').boundingBox())!
  await page.mouse.click(box.x + alone!.x, box.y + alone!.y)
  await expect(page.getByTestId('rider-detail')).toBeVisible()
  expect(new URL(page.url()).pathname).toBe(`/riders/${alone!.id}`)
})

test('assign by hand, undo, assign again, unassign; each is in the history', async ({ page }) => {
  test.setTimeout(180_000)
  await login(page, server.url)
  await waitingOrder(page)
  const detail = page.getByTestId('order-detail')
  await expect(page.getByTestId('why')).toBeVisible()
  await page.keyboard.press('a')
  await expect(page.getByTestId('candidates').locator('[data-assign]').first()).toBeVisible()
  await page.keyboard.press('1')
  await expect(detail).toHaveAttribute('data-state', 'assigned')
  await page.keyboard.press('z')
  await expect(detail).not.toHaveAttribute('data-state', 'assigned')
  const history = page.getByTestId('history')
  await expect(history).toContainText(/Unassigned|撤回派单/)
  await page.getByTestId('candidates').locator('[data-assign]').first().click()
  await expect(detail).toHaveAttribute('data-state', 'assigned')
  await expect(history).toContainText(/Dispatcher|调度员/)
  await page.getByTestId('unassign').click()
  await page.getByTestId('confirm').click()
  await expect(detail).not.toHaveAttribute('data-state', 'assigned')
})

test('a link opens the same order', async ({ page }) => {
  await login(page, server.url)
  await waitingOrder(page)
  const there = new URL(page.url())
  expect(there.pathname).toMatch(/^\/orders\/ord_/)
  await page.goto(there.href)
  await expect(page.getByTestId('order-detail')).toBeVisible()
})

test('language and theme switch without a reload', async ({ page }) => {
  await login(page, server.url)
  await page.evaluate(() => Object.assign(window, { __same: true }))
  const was = (await page.locator('html').getAttribute('lang'))!
  await page.getByTestId('lang').click()
  await expect(page.locator('html')).not.toHaveAttribute('lang', was)
  await theme(page, 'dark')
  await theme(page, 'light')
  expect(await page.evaluate(() => (window as { __same?: boolean }).__same)).toBe(true)
})

test('a template offers shifts, a rider is booked and taken out, the template ends', async ({ page }) => {
  await login(page, server.url)
  await page.getByTestId('user').click()
  await page.getByTestId('to-shifts').click()
  await page.getByTestId('new-template').click()
  await page.locator('input[name=name]').fill('Night')
  await page.getByTestId('save-template').click()
  await expect(page.locator('input[name=from]')).toHaveAttribute('aria-invalid', 'true') // no times yet
  await page.locator('input[name=from]').fill('22:00')
  await page.locator('input[name=to]').fill('02:00')
  await page.locator('input[name=places]').fill('2')
  await page.getByTestId('save-template').click()
  await expect(page.getByTestId('template').filter({ hasText: 'Night' })).toContainText('22:00 – 02:00')
  await page.keyboard.press(']') // the next week, all of which is ahead
  const slots = page.getByTestId('slot').filter({ hasText: 'Night' })
  await expect(slots).toHaveCount(7)
  await slots.first().click()
  await page.getByTestId('book-rider').click()
  await page.getByRole('option').first().click()
  await page.getByTestId('book').click()
  await expect(page.getByTestId('booking')).toHaveCount(1)
  await expect(slots.first()).toContainText('1')
  await accessible(page)
  await page.getByTestId('take-out').click()
  await page.getByTestId('take-out-sure').click()
  await expect(page.getByTestId('booking')).toHaveCount(0)
  await page.getByTestId('edit-template').last().click()
  await page.locator('input[name=last_day]').fill('2020-01-01') // before it began
  await page.getByTestId('save-template').click()
  await expect(page.locator('input[name=last_day]')).toHaveAttribute('aria-invalid', 'true')
  await page.keyboard.press('Escape')
})

// Each language and each theme once.
for (const [locale, scheme] of [['zh-CN', 'dark'], ['en-GB', 'light']] as const) {
  test(`accessible: ${locale}, ${scheme}`, async ({ browser }) => {
    const context = await browser.newContext({ locale, colorScheme: scheme, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await page.goto(server.url)
    await expect(page.locator('input[name=password]')).toBeVisible()
    await accessible(page)
    await login(page, server.url)
    await waitingOrder(page)
    await accessible(page)
    await page.getByTestId('tab-riders').click()
    await page.locator('[data-rider]').first().click()
    await expect(page.getByTestId('rider-detail')).toBeVisible()
    await accessible(page)
    await context.close()
  })
}

test('the API reference shows the server’s own document and asks nobody else', async ({ page }) => {
  const strays = watchRequests(page, server.url)
  const errors: string[] = []
  page.on('console', (m) => m.type() === 'error' && errors.push(m.text()))
  await page.goto(`${server.url}/docs`)
  await expect(page.locator('html')).toHaveAttribute('data-ready', '')
  await page.locator('rapi-doc .nav-bar-path', { hasText: 'Place an order' }).first().click()
  await expect(page.locator('rapi-doc').getByText('Idempotency-Key').first()).toBeVisible()
  expect(strays).toEqual([])
  expect(errors).toEqual([])
})
