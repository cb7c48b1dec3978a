// The riders' app on a phone, against the real server: a shift from log-in to log-out, and what happens where there is no network.
import { expect, test, type Browser, type BrowserContextOptions, type Page } from '@playwright/test'
import { accessible, watchRequests } from '../console'
import { build, phonePassword } from '../pisa.mjs'
import { credentials, startServer, type Running } from '../server'

type City = Awaited<ReturnType<typeof build>>

const phone = {
  viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2, reducedMotion: 'reduce' as const }
// onPhone is a phone that waits near the store.
const onPhone = (browser: Browser, more: BrowserContextOptions) => browser.newContext({
  ...phone, permissions: ['geolocation'], geolocation: { latitude: city.near.lat, longitude: city.near.lng, accuracy: 8 }, ...more,
})
// A picture of one point, as a camera would hand it over.
const jpeg = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z', 'base64')

let server: Running
let city: City
test.beforeAll(async () => {
  test.setTimeout(150_000)
  server = await startServer()
})
test.afterAll(() => server?.stop())
test.beforeEach(async () => {
  test.setTimeout(240_000)
  city = await build(server.url, credentials, { offer_ttl_s: 120, give_back: true })
})

const live = (page: Page) => expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live', { timeout: 60_000 })

async function signIn(page: Page, number = city.phone) {
  await page.goto(`${server.url}/rider`)
  await page.locator('input[name=tenant]').fill(credentials.tenant)
  await page.locator('input[name=phone]').fill(number)
  await page.locator('input[name=password]').fill(phonePassword)
  await page.getByTestId('sign-in').click()
  await live(page)
}

async function goOnline(page: Page) {
  await page.getByTestId('go-online').click()
  await expect(page.getByTestId('idle')).toBeVisible()
  await expect(page.getByTestId('gps')).toHaveAttribute('data-gps', 'on')
}

const step = (page: Page, where: string, arrived: boolean) => expect(page.locator(`[data-testid=step][data-where=${where}][data-arrived=${arrived}]`)).toBeVisible()

// shellIsKept waits until the page can be loaded again without a network.
const shellIsKept = (page: Page) => expect.poll(() => page.evaluate(async () => Boolean((await navigator.serviceWorker.ready).active) && (await Promise.all((await caches.keys()).map(async (k) => (await (await caches.open(k)).keys()).length))).some((n) => n > 5))).toBe(true)

// press waits until the button takes taps again after it has changed its meaning, as a calm thumb does.
async function press(page: Page, button: string) {
  await page.waitForTimeout(750)
  await page.getByTestId(button).click()
}

async function accept(page: Page) {
  await expect(page.getByTestId('offer')).toBeVisible({ timeout: 90_000 })
  await press(page, 'accept')
  await step(page, 'store', false)
}

// cryForHelp raises the alarm where there is no network, and has a dispatcher see it.
async function cryForHelp(page: Page) {
  const stage = (s: string) => expect(page.getByTestId('alarm')).toHaveAttribute('data-stage', s, { timeout: 30_000 })
  await page.getByTestId('sos').click()
  const button = (await page.getByTestId('panic').boundingBox())!
  const held = async (ms: number) => {
    await page.mouse.move(button.x + button.width / 2, button.y + button.height / 2)
    await page.mouse.down()
    await page.waitForTimeout(ms)
    await page.mouse.up()
  }
  await held(700) // by accident
  await stage('none')
  await shellIsKept(page)
  await page.context().setOffline(true)
  await held(1700)
  await stage('unsent')
  expect(await page.getByTestId('emergency').first().getAttribute('href')).toMatch(/^tel:\d{3}$/)
  await page.reload() // it outlives the page
  await page.getByTestId('alarm-strip').click()
  await stage('unsent')
  await page.context().setOffline(false)
  await stage('sent')
  await press(page, 'alarm-back')
  const alarms = await city.reported()
  expect(alarms).toMatchObject([{ kind: 'alarm', location: { lat: city.near.lat } }])
  await city.see()
  await page.getByTestId('alarm-strip').click()
  await stage('seen')
  await press(page, 'alarm-done')
  await expect(page.getByTestId('alarm-strip')).toHaveCount(0)
}

// happened is what the merchant reads of an order, each step once and in order.
const happened = async (order: string) => (await city.events(order)).map((e: { type: string }) => e.type).filter((t: string) => /arrived|picked|delivered|returned|failed/.test(t))
const all = ['arrived_at_store', 'picked_up', 'arrived_at_door', 'delivered']

test('pair by a code, go online, accept, pick up, deliver with proof, see what was earned, go home', async ({ browser }) => {
  const context = await onPhone(browser, { locale: 'en-GB' })
  const page = await context.newPage()
  const strays = watchRequests(page, server.url)
  const errors: string[] = []
  page.on('pageerror', (e) => errors.push(e.message))
  await page.goto(`${server.url}/rider#code=${city.code}`)
  await page.getByTestId('sign-in').click()
  await live(page)
  expect(page.url()).not.toContain(city.code)
  await goOnline(page)
  await cryForHelp(page)

  const order = await city.place({ proof: { photo: true, pin: '4711' }, cash_on_delivery: { amount: 2150, currency: 'EUR' } })
  await expect(page.getByTestId('offer')).toBeVisible({ timeout: 90_000 })
  await expect(page.getByTestId('pay')).toHaveText('€4.20')
  const seconds = Number(await page.getByTestId('seconds').innerText())
  expect(seconds).toBeGreaterThan(60)
  await expect.poll(async () => Number(await page.getByTestId('seconds').innerText())).toBeLessThan(seconds)
  await accept(page)
  await expect(page.getByTestId('navigate')).toHaveAttribute('href', new RegExp(`google\\.com/maps.*${city.store.lat.toFixed(6)},${city.store.lng.toFixed(6)}`))

  await press(page, 'arrive')
  await step(page, 'store', true)
  await press(page, 'pickup')
  await step(page, 'door', false)
  await expect(page.getByTestId('step')).toContainText('Gate code 21B')
  await press(page, 'arrive')
  await step(page, 'door', true)

  await expect(page.getByTestId('deliver')).toBeDisabled()
  await page.locator('input[name=pin]').fill('0000')
  await page.getByTestId('cash').click()
  await page.getByTestId('photo').setInputFiles({ name: 'door.jpg', mimeType: 'image/jpeg', buffer: jpeg })
  await expect(page.getByTestId('thumb')).toBeVisible()
  await press(page, 'deliver')
  await expect(page.getByTestId('notice')).toContainText('not the right proof')
  await press(page, 'understood')
  await step(page, 'door', true)
  await page.locator('input[name=pin]').fill('4711')
  await page.getByTestId('cash').click()
  await page.getByTestId('photo').setInputFiles({ name: 'door.jpg', mimeType: 'image/jpeg', buffer: jpeg })
  await press(page, 'deliver')
  await expect(page.getByTestId('idle')).toBeVisible()
  await expect.poll(async () => (await city.order(order.id)).state).toBe('delivered')
  expect(await happened(order.id)).toEqual(all)

  await page.getByTestId('tab-earnings').click()
  await expect(page.getByTestId('earnings')).toContainText('€4.20', { timeout: 30_000 })
  await page.getByTestId('tab-now').click()
  await page.getByTestId('go-offline').click()
  await expect(page.getByTestId('off-shift')).toBeVisible()
  await page.getByTestId('tab-me').click()
  await page.getByTestId('sign-out').click()
  await expect(page.getByTestId('sign-in')).toBeVisible()
  await page.reload()
  await expect(page.getByTestId('sign-in')).toBeVisible()
  expect(strays).toEqual([])
  expect(errors).toEqual([])
  await context.close()
})

test('two minutes without a network, and a reload in the middle of them: nothing is lost, nothing done twice', async ({ browser }) => {
  const context = await onPhone(browser, { locale: 'zh-CN' })
  const page = await context.newPage()
  await page.clock.install({ time: Date.now() })
  await signIn(page)
  await goOnline(page)
  await shellIsKept(page)
  const order = await city.place()
  await accept(page)

  await context.setOffline(true)
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'offline')
  await press(page, 'arrive')
  await step(page, 'store', true)
  await page.clock.runFor(40_000)
  await press(page, 'pickup')
  await step(page, 'door', false)
  await page.reload() // from the service worker's cache, with the state from the phone's storage
  await step(page, 'door', false)
  await page.clock.runFor(40_000)
  await press(page, 'arrive')
  await step(page, 'door', true)
  await expect(page.getByTestId('waiting')).toContainText('3')
  await page.clock.runFor(40_000)
  expect((await city.order(order.id)).state).toBe('assigned') // the server has heard of nothing

  // Back for a moment in which answers are lost: the server hears of all three at once, the phone does not know.
  await context.route('**/v1/rider/sync', async (route) => {
    await route.fetch().catch(() => undefined)
    await route.abort().catch(() => undefined)
  })
  await context.setOffline(false)
  await expect.poll(async () => (await city.order(order.id)).state, { timeout: 60_000 }).toBe('at_door')
  await context.unrouteAll({ behavior: 'ignoreErrors' })
  await page.clock.runFor(30_000)
  await expect(page.getByTestId('waiting')).toHaveCount(0, { timeout: 60_000 })
  await live(page)
  await press(page, 'deliver')
  await expect(page.getByTestId('idle')).toBeVisible()
  await expect.poll(() => happened(order.id)).toEqual(all)
  await context.close()
})

test('cancelled while the phone was away: the rider is told once, in words', async ({ browser }) => {
  const context = await onPhone(browser, { locale: 'en-GB' })
  const page = await context.newPage()
  await signIn(page)
  await goOnline(page)
  const order = await city.place()
  await accept(page)
  await context.setOffline(true)
  await press(page, 'arrive')
  await step(page, 'store', true)
  await press(page, 'pickup')
  await step(page, 'door', false)
  await city.cancel(order.id)
  await context.setOffline(false)
  await expect(page.getByTestId('notice')).toContainText('cancelled meanwhile', { timeout: 60_000 })
  await press(page, 'understood')
  await expect(page.getByTestId('notice')).toHaveCount(0)
  await expect(page.getByTestId('idle')).toBeVisible()
  await context.close()
})

test('an offer is declined with a reason and goes away; a nervous double tap does one step', async ({ browser }) => {
  const context = await onPhone(browser, { locale: 'en-GB' })
  const page = await context.newPage()
  await signIn(page)
  await goOnline(page)
  const first = await city.place()
  await expect(page.getByTestId('offer')).toBeVisible({ timeout: 90_000 })
  await press(page, 'decline')
  await page.getByTestId('decline-too_far').click()
  await expect(page.getByTestId('offer')).toHaveCount(0)
  await expect.poll(async () => (await city.events(first.id)).some((e: { type: string }) => e.type === 'offer_declined')).toBe(true)
  await city.cancel(first.id)

  const order = await city.place()
  await accept(page)
  await page.waitForTimeout(750)
  const button = (await page.getByTestId('arrive').boundingBox())!
  await page.touchscreen.tap(button.x + button.width / 2, button.y + button.height / 2)
  await page.touchscreen.tap(button.x + button.width / 2, button.y + button.height / 2)
  await step(page, 'store', true)
  await page.waitForTimeout(1000)
  expect(await happened(order.id)).toEqual(['arrived_at_store'])

  await page.getByTestId('problem-open').click()
  await page.getByTestId('problem-long_wait').click()
  await press(page, 'problem-send')
  await expect.poll(() => city.reported()).toMatchObject([{ kind: 'long_wait', order_id: order.id }])
  await press(page, 'problem-close')
  await step(page, 'store', true)
  await context.close()
})

test('an order is claimed from the pool; that it was cancelled is told', async ({ browser }) => {
  city = await build(server.url, credentials, { mode: 'pool', pool_window_s: 3 })
  const context = await onPhone(browser, { locale: 'en-GB' })
  const page = await context.newPage()
  await signIn(page)
  await goOnline(page)
  const order = await city.place()
  await page.getByTestId('claim').click({ timeout: 60_000 })
  await step(page, 'store', false)
  await city.cancel(order.id)
  await expect(page.getByTestId('changes')).toContainText('cancelled')
  await press(page, 'changes-read')
  await expect(page.getByTestId('changes')).toHaveCount(0)
  await expect(page.getByTestId('idle')).toBeVisible()
  await context.close()
})

// A browser's push service, of which a headless one has none.
async function pretendPush() {
  const code = (b: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(b))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  let kept: unknown = null
  PushManager.prototype.getSubscription = async () => kept as PushSubscription | null
  PushManager.prototype.subscribe = async (o) => {
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits'])
    const p256dh = code(await crypto.subtle.exportKey('raw', publicKey))
    const padded = `${String(o!.applicationServerKey).replaceAll('-', '+').replaceAll('_', '/')}=`
    kept = {
      options: { applicationServerKey: Uint8Array.from(atob(padded), (c) => c.charCodeAt(0)).buffer }, unsubscribe: async () => { kept = null; return true },
      toJSON: () => ({ endpoint: 'https://push.example.com/one', keys: { p256dh, auth: code(new Uint8Array(16).buffer) } }),
    }
    return kept as PushSubscription
  }
}

// pusher hands a push to the service worker, as the browser does.
async function pusher(page: Page) {
  const devtools = await page.context().newCDPSession(page)
  const id = new Promise<string>((r) => devtools.on('ServiceWorker.workerRegistrationUpdated', (e) => e.registrations.forEach((x) => r(x.registrationId))))
  await devtools.send('ServiceWorker.enable')
  const registrationId = await id
  return (title: string) => devtools.send('ServiceWorker.deliverPushMessage', { origin: server.url, registrationId, data: JSON.stringify({ title, body: 'See the route.', tag: 'offer', data: { kind: 'offer' } }) })
}

const notified = (page: Page) => page.evaluate(async () => (await (await navigator.serviceWorker.getRegistration('/rider'))!.getNotifications()).map((n) => n.title))

test('a booked shift, a break, an order given back, the statement, a lost phone, being woken', async ({ browser }) => {
  const context = await onPhone(browser, { locale: 'en-GB', permissions: ['geolocation', 'notifications'] })
  await context.addInitScript(pretendPush)
  const page = await context.newPage()
  const tokens: number[] = []
  page.on('response', (r) => r.url().endsWith('/v1/rider/push-token') && r.request().method() === 'PUT' && tokens.push(r.status()))
  await city.shifts('Lunch', 10, 3)
  await city.change({ shifts: { start: 'booked', in_zone: true, early_s: 900, late_s: 1800, notice_s: 0, ahead_days: 14 } })
  await signIn(page)

  await expect(page.getByTestId('go-online')).toBeDisabled() // nothing is booked
  await page.getByTestId('slots-open').click()
  await page.getByTestId('book').first().click()
  await expect(page.locator('li.mine')).toContainText('Lunch')
  await page.getByTestId('slots-back').click()
  await expect(page.getByTestId('booked')).toContainText('Lunch')
  await goOnline(page) // checks in, by where the phone is
  expect((await city.rider()).shift.ends_at).toBe((await city.slots())[0].ends_at)

  await page.getByTestId('break').click()
  await expect(page.getByTestId('on-break')).toBeVisible()
  expect((await city.rider()).shift.break_since).toBeTruthy()
  await press(page, 'break-end')
  await expect(page.getByTestId('idle')).toBeVisible()

  await page.getByTestId('tab-me').click()
  await shellIsKept(page)
  await page.reload() // now that there is a service worker
  await page.getByTestId('tab-me').click()
  await page.getByTestId('push-on').click()
  await expect(page.getByTestId('push')).toHaveAttribute('data-push', 'on')
  expect(tokens).toEqual([200])
  const lost = await city.pair()
  await page.getByTestId('devices-open').click()
  await expect(page.getByTestId('device')).toHaveCount(2)
  expect(await lost()).toBe(200)
  await page.getByTestId('device-out').click()
  await page.getByTestId('device-out').click()
  await expect(page.getByTestId('device')).toHaveCount(1)
  expect(await lost()).toBe(401)
  await page.getByTestId('devices-back').click()

  await page.getByTestId('tab-now').click()
  const order = await city.place()
  await accept(page)
  await page.getByTestId('give-back-open').click()
  await page.getByTestId('give-back-too_much').click()
  await press(page, 'give-back-send')
  await expect(page.getByTestId('idle')).toBeVisible()
  await expect.poll(async () => (await city.events(order.id)).some((e: { type: string }) => e.type === 'unassigned')).toBe(true)
  await city.cancel(order.id)

  await city.adjust(150, 'waited for the food')
  await page.getByTestId('tab-earnings').click()
  await page.getByTestId('statements-open').click()
  await expect(page.getByTestId('statement-total')).toHaveText('€1.50')
  await expect(page.getByTestId('statements')).toContainText('waited for the food')
  const [saved] = await Promise.all([page.waitForEvent('download'), page.getByTestId('csv').click()])
  expect(saved.suggestedFilename()).toMatch(/^statement-.*\.csv$/)
  await page.getByTestId('earlier').click()
  await expect(page.getByTestId('statements')).toContainText('Nothing was earned')
  await page.getByTestId('statements-back').click()
  await page.getByTestId('report-open').click() // the month: an offer was taken, and €1.50 earned
  const report = page.getByTestId('report-body')
  await expect(report).toContainText('€1.50')
  await expect(report.locator('dl > div', { hasText: 'Accepted' })).toHaveText('Accepted1')
  await press(page, 'report-back')
  await context.setOffline(true)
  await page.getByTestId('report-open').click()
  await expect(page.getByTestId('report').getByRole('alert')).toContainText('what was last read')
  await expect(report).toContainText('€1.50')
  await context.setOffline(false)

  const push = await pusher(page)
  await push('While it is looked at') // the stream has told that already
  await page.goto(`${server.url}/healthz`) // the app is closed
  await push('New offer')
  await expect.poll(() => notified(page)).toEqual(['New offer'])
  await page.goto(`${server.url}/rider`)
  await expect.poll(() => notified(page)).toEqual([])
  await context.close()
})

// Each language and each theme once.
for (const [locale, colorScheme] of [['zh-CN', 'dark'], ['en-GB', 'light']] as const) {
  test(`accessible: ${locale}, ${colorScheme}`, async ({ browser }) => {
    const context = await onPhone(browser, { locale, colorScheme })
    const page = await context.newPage()
    await page.goto(`${server.url}/rider`)
    await expect(page.getByTestId('sign-in')).toBeVisible()
    await accessible(page)
    await signIn(page)
    await accessible(page)
    await goOnline(page)
    await accessible(page)
    await page.getByTestId('break').click()
    await expect(page.getByTestId('on-break')).toBeVisible()
    await accessible(page)
    await press(page, 'break-end')
    await page.getByTestId('sos').click()
    await accessible(page)
    await press(page, 'alarm-back')
    await page.getByTestId('problem-open').click()
    await page.getByTestId('problem-accident').click()
    await accessible(page)
    await page.getByTestId('problem-back').click()
    await city.place({ proof: { photo: true, signature: true, pin: '4711', age_check: { min_age: 18 } } })
    await expect(page.getByTestId('offer')).toBeVisible({ timeout: 90_000 })
    await accessible(page)
    await accept(page)
    await accessible(page)
    for (const [tab, button] of [['tab-now', 'give-back'], ['tab-me', 'devices'], ['tab-earnings', 'statements'], ['tab-earnings', 'report']]) {
      await page.getByTestId(tab!).click()
      await page.getByTestId(`${button}-open`).click()
      await expect(page.getByTestId(button!)).toBeVisible()
      await accessible(page)
      await press(page, `${button}-back`)
    }
    for (const tab of ['tab-route', 'tab-me', 'tab-earnings', 'tab-now']) {
      await page.getByTestId(tab).click()
      if (tab !== 'tab-now') await accessible(page)
    }
    await press(page, 'arrive')
    await press(page, 'pickup')
    await press(page, 'arrive')
    await step(page, 'door', true)
    await accessible(page)
    await press(page, 'fail')
    await accessible(page)
    await page.getByTestId('fail-refused').click()
    await press(page, 'fail-confirm')
    await step(page, 'back', true)
    await context.close()
  })
}

test('orders are handed over: before the pickup, and on board where two riders meet, one of them without a network', async ({ browser }) => {
  const carlo = await city.hire('Carlo Neri')
  const [beas, carlos] = [await onPhone(browser, {}), await onPhone(browser, { geolocation: { latitude: city.near.lat - 0.004, longitude: city.near.lng, accuracy: 8 } })]
  const [bea, other] = [await beas.newPage(), await carlos.newPage()]
  await signIn(bea)
  await goOnline(bea)
  await signIn(other, carlo.phone)
  await goOnline(other)
  // read closes the sheet that tells what others changed, once it is there; of the first plan of all none is.
  const read = async (page: Page) => { if (await page.getByTestId('changes').count()) await page.getByTestId('changes-read').click() }
  const ask = async () => {
    await bea.getByTestId('handover-ask').click()
    await bea.getByTestId('colleague').first().click()
    await bea.getByTestId('handover-vehicle').click()
    await press(bea, 'handover-send')
    await expect(bea.getByTestId('handover-open')).toContainText('Carlo Neri')
    await expect(other.getByTestId('handover')).toContainText('Bea Fontani', { timeout: 30_000 })
  }

  // Before the pickup the yes is enough. A no leaves everything as it was.
  const first = await city.place()
  await city.assign(first.id, city.hired.id)
  await step(bea, 'store', false)
  await read(bea)
  await ask()
  await press(other, 'handover-decline')
  await other.getByTestId('handover-no-too_far').click()
  await expect(bea.getByTestId('handover-refused')).toBeVisible()
  await ask()
  await accessible(other)
  await press(other, 'handover-accept')
  await step(other, 'store', false)
  await expect(bea.getByTestId('idle')).toBeVisible()
  await press(bea, 'changes-read')
  expect((await city.order(first.id)).rider.id).toBe(carlo.id)
  await press(other, 'arrive')
  await press(other, 'pickup')
  await step(other, 'door', false)

  // On board they meet. The taker's word counts, also when it is said where there is no network.
  const second = await city.place()
  await city.assign(second.id, city.hired.id)
  await step(bea, 'store', false)
  await press(bea, 'changes-read')
  await press(bea, 'arrive')
  await press(bea, 'pickup')
  await step(bea, 'door', false)
  await ask()
  await press(other, 'handover-accept')
  await expect(bea.getByTestId('meet')).toHaveAttribute('data-where', 'give', { timeout: 30_000 })
  await press(bea, 'changes-read')
  await accessible(bea)
  await expect(bea.getByTestId('meet')).toContainText('Carlo Neri')
  for (let i = 0; i < 2 && !(await other.getByTestId('take-over').count()); i++) { // what is on the way already comes first, if that is shorter
    await press(other, 'arrive')
    await press(other, 'deliver')
    await expect(other.getByTestId('deliver')).toHaveCount(0) // what comes then is on the screen
  }
  await carlos.setOffline(true)
  await press(other, 'take-over')
  await step(other, 'door', false)
  expect((await city.order(second.id)).rider.id).toBe(city.hired.id)
  await carlos.setOffline(false)
  await expect.poll(async () => (await city.order(second.id)).rider.id, { timeout: 60_000 }).toBe(carlo.id)
  await expect(bea.getByTestId('idle')).toBeVisible()
  await press(bea, 'changes-read')
  expect((await city.events(second.id)).map((e: { type: string }) => e.type)).toContain('taken_over')
  await Promise.all([beas.close(), carlos.close()])
})
