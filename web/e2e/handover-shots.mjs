// Screenshots of orders that are handed over, on the phones of both riders, in both languages and themes, to look at:
// node e2e/handover-shots.mjs http://127.0.0.1:8080 [which]
import { chromium } from '@playwright/test'
import { mkdir } from 'node:fs/promises'
import { build, phonePassword } from './pisa.mjs'

const [url = 'http://127.0.0.1:8080', which = 'en-light,zh-dark'] = process.argv.slice(2)
const staff = { tenant: 'demo', email: 'dispatcher@demo.paidan', password: 'paidan-demo' }
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--no-first-run', '--disable-background-networking', '--disable-sync']
const out = new URL('./shots/', import.meta.url).pathname
await mkdir(out, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })

for (const one of which.split(',')) {
  const [lang, theme] = one.split('-')
  const city = await build(url, staff, { give_back: true })
  const carlo = await city.hire('Carlo Neri')
  let n = 0
  const shot = async (page, name) => {
    await page.waitForTimeout(900)
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) console.log(one, name, 'is wider than the phone')
    await page.screenshot({ path: `${out}handover-${one}-${String(++n).padStart(2, '0')}-${name}.png` })
  }
  const open = async (phone, south) => {
    const context = await browser.newContext({
      viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', colorScheme: theme,
      geolocation: { latitude: city.near.lat - south, longitude: city.near.lng, accuracy: 8 }, permissions: ['geolocation'], reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    page.on('console', (m) => m.type() === 'error' && !m.text().includes('INTERNET_DISCONNECTED') && console.log(one, 'console:', m.text()))
    page.on('pageerror', (e) => console.log(one, 'page:', e.message))
    await page.goto(`${url}/rider`)
    await page.fill('input[name=tenant]', staff.tenant)
    await page.fill('input[name=phone]', phone)
    await page.fill('input[name=password]', phonePassword)
    await page.getByTestId('sign-in').click()
    await page.getByTestId('go-online').click()
    await page.waitForSelector('[data-gps=on]')
    return { page, context, id: (x) => page.getByTestId(x), press: async (x) => { await page.waitForTimeout(800); await page.getByTestId(x).click() } }
  }
  const bea = await open(city.phone, 0)
  const other = await open(carlo.phone, 0.004)
  const ask = async (name) => {
    await bea.id('handover-ask').click()
    await bea.id('colleague').first().click()
    await bea.id('handover-vehicle').click()
    await shot(bea.page, name)
    await bea.press('handover-send')
    await bea.id('handover-open').waitFor()
    await other.id('handover').waitFor({ timeout: 30000 })
  }
  const [a, b] = [await city.place(), await city.place({ dropoff: { address: 'Via Santa Maria 44', contact_name: 'Piero' } })]
  await city.assign(a.id, city.hired.id)
  await city.assign(b.id, city.hired.id)
  await bea.id('step').waitFor()
  await bea.page.waitForTimeout(1500)
  if (await bea.id('changes').count()) await bea.id('changes-read').click()
  await shot(bea.page, 'to-store')
  await ask('ask')
  await shot(bea.page, 'waiting')
  await shot(other.page, 'asked')
  await other.press('handover-decline')
  await shot(other.page, 'why-not')
  await other.id('handover-no-too_much').click()
  await bea.id('handover-refused').waitFor()
  await shot(bea.page, 'refused')
  await bea.press('arrive')
  await bea.press('pickup')
  await bea.page.waitForSelector('[data-where=door]')
  await ask('ask-on-board')
  await shot(other.page, 'asked-on-board')
  await other.press('handover-accept')
  await bea.id('meet').waitFor({ timeout: 30000 })
  await shot(bea.page, 'told')
  await bea.id('changes-read').click()
  await shot(bea.page, 'meet-to-give')
  await other.id('meet').waitFor({ timeout: 30000 })
  await shot(other.page, 'meet-to-take')
  await other.id('tab-route').click()
  await other.page.waitForTimeout(2500)
  await shot(other.page, 'route')
  await other.id('tab-now').click()
  await other.context.setOffline(true)
  await other.press('take-over')
  await shot(other.page, 'taken-over-unsent')
  await other.context.setOffline(false)
  await bea.page.waitForTimeout(4000)
  await shot(bea.page, 'handed-over')
  await bea.context.close()
  await other.context.close()
}
await browser.close()
