// The console as tests speak of it.
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { credentials } from './server'

export interface Mark { kind: string; id: string; x: number; y: number }
export interface Probe { riders: Mark[]; stores: Mark[]; drops: Mark[]; tier: number; fps: number; frameMs: number; ways: number }

declare global {
  interface Window { __ready?: boolean; __paidanTest?: unknown }
}

export async function login(page: Page, url: string, where = '/') {
  await page.goto(url + where)
  await page.locator('input[name=organization]').fill(credentials.tenant)
  await page.locator('input[name=email]').fill(credentials.email)
  await page.locator('input[name=password]').fill(credentials.password)
  await page.locator('button[type=submit]').click()
  await expect(page.getByTestId('link')).toHaveAttribute('data-link', 'live', { timeout: 30_000 })
}

export const ready = (page: Page) => page.waitForFunction(() => window.__ready === true, null, { timeout: 60_000 })

export const probe = (page: Page) =>
  page.evaluate(() => (window.__paidanTest as { probe(): unknown }).probe()) as Promise<Probe>

export async function theme(page: Page, value: 'light' | 'dark') {
  await page.getByTestId('theme').click()
  await page.getByTestId(`theme-${value}`).click()
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', value)
}

export async function showAll(page: Page) {
  const ok = page.getByTestId('band-ok')
  if ((await ok.getAttribute('aria-pressed')) === 'false') await ok.click()
}

export async function accessible(page: Page) {
  const found = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']).analyze()
  expect(found.violations.map((v) => `${v.id}: ${v.help}\n  ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')}: ${n.failureSummary?.split('\n')[1] ?? ''}`).join('\n  ')}`)).toEqual([])
}

// Every request the page makes must stay on its own server.
export function watchRequests(page: Page, url: string): string[] {
  const strays: string[] = []
  page.on('request', (r) => {
    if (!r.url().startsWith(url) && !/^(blob|data):/.test(r.url())) strays.push(r.url())
  })
  return strays
}
