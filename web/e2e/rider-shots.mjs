// Screenshots of the riders' app on a phone, every screen in both languages and themes, to look at:
// node e2e/rider-shots.mjs http://127.0.0.1:8080 [which] [lat,lng]
import { chromium } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { build, phonePassword } from './pisa.mjs'

const [url = 'http://127.0.0.1:8080', which = 'en-light,zh-dark,en-dark,zh-light', at] = process.argv.slice(2)
const staff = { tenant: 'demo', email: 'dispatcher@demo.paidan', password: 'paidan-demo' }
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
]
const out = new URL('./shots/', import.meta.url).pathname
await mkdir(out, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })
const picture = Buffer.from('/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AN//Z', 'base64')

for (const one of which.split(',')) {
  const [lang, theme] = one.split('-')
  const city = await build(url, staff, { offer_ttl_s: 60 }, ...(at ? [{ lat: Number(at.split(',')[0]), lng: Number(at.split(',')[1]) }] : []))
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', colorScheme: theme,
    geolocation: { latitude: city.near.lat, longitude: city.near.lng, accuracy: 8 }, permissions: ['geolocation'], reducedMotion: 'reduce', timezoneId: 'Europe/Rome',
  })
  const page = await context.newPage()
  page.on('console', (m) => m.type() === 'error' && !m.text().includes('INTERNET_DISCONNECTED') && console.log(one, 'console:', m.text()))
  page.on('pageerror', (e) => console.log(one, 'page:', e.message))
  page.on('request', (r) => new URL(r.url()).origin !== new URL(url).origin && !r.url().startsWith('blob:') && !r.url().startsWith('data:') && console.log('elsewhere:', r.url()))
  let n = 0
  const shot = async (name) => {
    await page.waitForTimeout(900)
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) console.log(one, name, 'is wider than the phone')
    await page.screenshot({ path: `${out}rider-${one}-${String(++n).padStart(2, '0')}-${name}.png` })
  }
  const id = (x) => page.getByTestId(x)
  await page.goto(`${url}/rider#code=${city.code}`)
  await shot('code')
  await id('other-way').click()
  await page.fill('input[name=tenant]', staff.tenant)
  await page.fill('input[name=phone]', city.phone)
  await page.fill('input[name=password]', phonePassword)
  await shot('login')
  await id('sign-in').click()
  await id('off-shift').waitFor()
  await page.waitForSelector('[data-link=live]')
  await shot('offline')
  await id('go-online').click()
  await id('idle').waitFor()
  await page.waitForSelector('[data-gps=on]')
  await shot('idle')
  const a = await city.place({ proof: { photo: true, pin: '4711' }, cash_on_delivery: { amount: 2150, currency: 'EUR' } })
  const b = await city.place({ dropoff: { location: city.from(0.0043, -0.0036), address: 'Via Santa Maria 44', contact_name: 'Piero' } })
  await id('offer').waitFor({ timeout: 120000 })
  await shot('offer')
  await id('decline').click()
  await shot('decline')
  await page.waitForTimeout(800)
  await id('decline').click()
  await page.waitForTimeout(800)
  await id('accept').click()
  await id('step').waitFor()
  for (let i = 0; i < 20 && await page.locator('[data-testid=offer]').count() === 0 && (await id('step').innerText()).includes(b.external_id) === false; i++) await page.waitForTimeout(500)
  if (await id('offer').count()) { await page.waitForTimeout(800); await id('accept').click(); await id('offer').waitFor({ state: 'detached' }) }
  await shot('to-store')
  await id('tab-route').click()
  await page.waitForSelector('[data-testid=map][data-ready=true]', { timeout: 60000 })
  await page.waitForTimeout(1500)
  await shot('route')
  await id('tab-now').click()
  await page.waitForTimeout(800)
  await id('arrive').click()
  await page.waitForSelector('[data-testid=step][data-arrived=true]')
  await shot('at-store')
  await context.setOffline(true)
  await page.waitForTimeout(800)
  await id('pickup').click()
  await page.waitForSelector('[data-where=door]')
  await shot('to-door-unsent')
  await id('tab-me').click()
  await shot('waiting')
  await context.setOffline(false)
  await page.waitForSelector('[data-testid=all-sent]', { timeout: 60000 })
  await shot('me')
  await id('tab-now').click()
  for (let i = 0; i < 2; i++) {
    await page.waitForTimeout(900)
    await id('arrive').click()
    await page.waitForSelector('[data-where=door][data-arrived=true]')
    if (await page.locator('[data-testid=photo]').count()) {
      await shot('at-door')
      await page.fill('input[name=pin]', '4711')
      await id('cash').click()
      await page.setInputFiles('[data-testid=photo]', { name: 'door.jpg', mimeType: 'image/jpeg', buffer: picture })
      await id('thumb').waitFor()
      await shot('proved')
    } else {
      await id('fail').click()
      await shot('fail')
      await page.getByRole('button').filter({ hasText: /^(Back|返回)$/ }).click()
      await page.waitForTimeout(800)
    }
    await id('deliver').click()
    await page.waitForSelector('[data-where=door][data-arrived=true]', { state: 'detached' })
  }
  await id('idle').waitFor()
  await id('tab-earnings').click()
  await page.waitForTimeout(1500)
  await shot('earnings')
  await id('tab-now').click()
  const c = await city.place()
  await id('offer').waitFor({ timeout: 60000 })
  await page.waitForTimeout(800)
  await id('accept').click()
  await id('step').waitFor()
  await context.setOffline(true)
  await page.waitForTimeout(800)
  await id('arrive').click()
  await page.waitForSelector('[data-testid=step][data-arrived=true]')
  await city.cancel(c.id)
  await context.setOffline(false)
  await id('notice').waitFor({ timeout: 60000 })
  await shot('cancelled')
  console.log(one, a.id, (await city.order(a.id)).state, b.id, (await city.order(b.id)).state)
  await context.close()
}
await browser.close()
