// Screenshots of a tracking page on a phone, in both languages and themes, to look at: node e2e/track.mjs LINK [prefix]
import { chromium } from '@playwright/test'
import { mkdir } from 'node:fs/promises'

const [link, prefix = 'track'] = process.argv.slice(2)
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']
const out = new URL('./shots/', import.meta.url).pathname
await mkdir(out, { recursive: true })
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args })
for (const locale of ['zh-CN', 'en-GB']) {
  for (const colorScheme of ['light', 'dark']) {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale, colorScheme })
    const page = await context.newPage()
    page.on('console', (m) => m.type() === 'error' && console.log('console:', m.text()))
    page.on('pageerror', (e) => console.log('page:', e.message))
    page.on('request', (r) => new URL(r.url()).origin !== new URL(link).origin && console.log('elsewhere:', r.url()))
    await page.goto(link)
    await page.waitForTimeout(500)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    if (wide) console.log(locale, colorScheme, 'is wider than the phone')
    await page.screenshot({ path: `${out}${prefix}-${locale.slice(0, 2)}-${colorScheme}.png`, fullPage: true })
    await context.close()
  }
}
await browser.close()
