// Screenshots of the console in both languages and themes, to look at: node e2e/shots.mjs http://127.0.0.1:8080 [prefix] [which]
import { chromium } from '@playwright/test'
import { mkdir } from 'node:fs/promises'

const [url = 'http://127.0.0.1:8080', prefix = 'console', which = 'zh-light,zh-dark,en-light,en-dark'] = process.argv.slice(2)
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic',
  '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
]
const out = new URL('./shots/', import.meta.url).pathname
await mkdir(out, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })
for (const one of which.split(',')) {
  const [lang, theme, what = 'order'] = one.split('-')
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: lang === 'zh' ? 'zh-CN' : 'en-GB', colorScheme: theme })
  const page = await context.newPage()
  page.on('console', (m) => m.type() === 'error' && console.log('console:', m.text()))
  page.on('pageerror', (e) => console.log('page:', e.message))
  await page.goto(url)
  if (what === 'login') {
    await page.waitForSelector('input[name=password]')
    await page.screenshot({ path: `${out}${prefix}-${one}.png` })
    await context.close()
    continue
  }
  await page.fill('input[name=organization]', process.env.TENANT ?? 'demo')
  await page.fill('input[name=email]', process.env.EMAIL ?? 'dispatcher@demo.paidan')
  await page.fill('input[name=password]', process.env.PASSWORD ?? 'paidan-demo')
  const from = Date.now()
  await page.click('button[type=submit]')
  const desk = { shifts: '/shifts', template: '/shifts', settlements: '/settlements', adjust: '/settlements' }[what]
  if (desk) {
    await page.waitForTimeout(1500) // logged in
    await page.goto(url + desk)
    await page.locator(desk === '/shifts' ? '[data-testid=slot]' : '[data-testid=settlement]').nth(3).click()
    await page.waitForSelector('[data-testid=booking], [data-testid=line]')
    if (what === 'template') await page.getByTestId('new-template').click()
    if (what === 'adjust') {
      await page.getByTestId('adjust').click()
      await page.getByTestId('write').click()
    }
    await page.waitForTimeout(800)
    await page.screenshot({ path: `${out}${prefix}-${one}.png` })
    await context.close()
    continue
  }
  await page.waitForSelector('[data-order], .calm b', { timeout: 30000 })
  const list = Date.now() - from
  await page.waitForFunction(() => window.__ready === true, null, { timeout: 60000 })
  console.log(one, 'list after', list, 'ms; ready after', Date.now() - from, 'ms')
  if (what === 'order' || what === 'why') {
    const chip = page.getByTestId('band-ok')
    if (await page.locator('[data-order]').count() < 3) await chip.click()
    const rows = page.locator('[data-order]')
    if (await rows.count()) await rows.nth(process.env.ROW ? Number(process.env.ROW) : 0).click()
    await page.waitForSelector('[data-testid=order-detail]')
    if (what === 'why') {
      await page.keyboard.press('a')
      await page.waitForTimeout(800)
    }
  } else if (what === 'riders') {
    await page.getByTestId('tab-riders').click()
    await page.locator('[data-rider]').nth(2).click()
    await page.waitForSelector('[data-testid=rider-detail]')
  }
  await page.waitForTimeout(2500)
  const probe = await page.evaluate(() => { const p = window.__paidanTest.probe(); return { riders: p.riders.length, stores: p.stores.length, drops: p.drops.length, tier: p.tier, fps: p.fps.toFixed(1), frameMs: p.frameMs.toFixed(1) } })
  console.log(one, JSON.stringify(probe))
  await page.screenshot({ path: `${out}${prefix}-${one}.png` })
  await context.close()
}
await browser.close()
