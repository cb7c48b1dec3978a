import { defineConfig } from '@playwright/test'
import { args, executablePath } from './e2e/chromium'

export default defineConfig({
  testDir: 'e2e',
  timeout: 90_000,
  expect: { timeout: 20_000 }, // WebGL in software on a shared machine is slow, not wrong
  workers: 2,
  retries: process.env.CI ? 1 : 0,
  reporter: process.env.CI ? [['list'], ['html', { open: 'never' }]] : 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce', // no flights and fades to wait for
    launchOptions: { executablePath, args },
    trace: 'on-first-retry', // a fifth of the time, where it is recorded
    screenshot: 'only-on-failure',
  },
  projects: [
    { name: 'real', testMatch: 'real/*.spec.ts' }, // first: a file of these, with its server, is one worker's
    { name: 'fake', testMatch: 'fake/*.spec.ts', fullyParallel: true },
  ],
})
