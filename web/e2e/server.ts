// The real server for tests: the binary with the console inside, on a private database, with the demo city.
// E2E_BIN names another binary, E2E_URL a server that runs already.
import { spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const credentials = { tenant: 'demo', email: 'dispatcher@demo.paidan', password: 'paidan-demo' }

export interface Running { url: string; stop(): Promise<void> }

export async function startServer(): Promise<Running> {
  if (process.env.E2E_URL) return { url: process.env.E2E_URL, stop: async () => {} }
  const bin = process.env.E2E_BIN ?? fileURLToPath(new URL('../../bin/paidan', import.meta.url))
  const folder = await mkdtemp(join(tmpdir(), 'paidan-e2e-'))
  await chmod(folder, 0o755) // started by root, PostgreSQL runs as another user, who must get there
  const data = join(folder, 'data')
  const port = await freePort()
  const args = ['serve', '--demo', '--listen', `127.0.0.1:${port}`, '--data-dir', data, '--push-web-contact', 'mailto:e2e@example.com']
  if (process.env.E2E_BASEMAP) args.push('--basemap', process.env.E2E_BASEMAP)
  const child = spawn(bin, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  let banner = '' // names the log-ins, once they are there: later than the server is ready
  child.stdout.on('data', (b: Buffer) => { banner = (banner + b.toString()).slice(-4000) })
  child.stderr.on('data', (b: Buffer) => { log = (log + b.toString()).slice(-4000) })
  const exited = new Promise<void>((r) => child.once('exit', () => r()))
  let failed: Error | null = null
  child.once('error', (e) => { failed = e })
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    child.kill('SIGTERM')
    const hard = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await exited
    clearTimeout(hard)
    await rm(folder, { recursive: true, force: true })
  }
  for (const until = Date.now() + 90_000; ;) {
    if (failed) throw new Error(`${bin}: ${String(failed)}`)
    if (child.exitCode !== null || Date.now() > until) {
      if (child.exitCode === null) await stop()
      throw new Error(`the server did not become ready:\n${log}`)
    }
    if (banner.includes(credentials.email)) return { url, stop }
    await new Promise((r) => setTimeout(r, 300))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const s = createServer()
    s.once('error', reject)
    s.listen(0, '127.0.0.1', () => {
      const a = s.address()
      s.close(() => (a && typeof a === 'object' ? resolve(a.port) : reject(new Error('no port'))))
    })
  })
}
