// The console's API with a made-up city behind it: node e2e/fake/server.mjs --port 4400 --riders 7500 --orders 3000
// POST /__fake steers it in tests: {silent: true} stops the stream, {down: true} drops it, {race: order_id} lets another
// dispatcher be faster, {tellOrder: order_id} sends its row again, {refuse: 'at_door'} handovers, {alerts: [row, …]} has riders report, {role: 'viewer'}.
import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { City } from './city.mjs'
import { Office } from './office.mjs'

const types = { '.html': 'text/html', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' }
const policy = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"

/** @param {{port?: number, dist?: string, basemap?: string, riders?: number, orders?: number, speed?: number, seed?: number}} [options] */
export function startFake({ port = 0, dist = fileURLToPath(new URL('../../dist', import.meta.url)), basemap = '', ...size } = {}) {
  const city = new City(size)
  const office = new Office(city)
  const state = { silent: false, down: false, role: 'dispatcher', race: '', refuse: '', alerts: [] }
  const clients = new Set()
  let seq = 0
  const frame = (event, data) => `id: ${++seq}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
  const tell = (event, data) => {
    if (state.silent) return
    const text = frame(event, { now: city.iso(city.now()), ...data })
    for (const c of clients) c.write(text)
  }
  const timers = [
    setInterval(() => tell('positions', { p: city.move(1) }), 1000),
    setInterval(() => tell('kpi', city.kpi()), 2000),
  ]

  const json = (res, status, body, headers = {}) => {
    res.writeHead(status, { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json', 'X-Request-Id': 'req_fake', ...headers })
    res.end(JSON.stringify(body))
  }
  const problem = (res, status, code) => json(res, status, { type: 'about:blank', title: code, status, detail: code, code, request_id: 'req_fake' })
  const session = () => ({
    user: { id: 'usr_x', name: '周调度', email: 'dispatcher@demo.paidan', role: state.role },
    tenant: { id: 'ten_x', slug: 'demo', name: '演示公司', timezone: 'Asia/Shanghai' },
  })

  const server = createServer(async (req, res) => {
    const url = new URL(req.url, 'http://x')
    const path = url.pathname
    let text = ''
    for await (const chunk of req) text += chunk
    const body = text ? JSON.parse(text) : {}
    if (path === '/readyz') return json(res, 200, {})
    if (path === '/__fake') {
      Object.assign(state, body)
      if (state.down) for (const c of clients) c.end()
      if (body.alerts) tell('alerts', { rows: state.alerts })
      if (body.tellOrder) tell('orders', { rows: [city.orders.get(body.tellOrder)], gone: [] })
      return json(res, 200, state)
    }
    if (path.startsWith('/v1/console/')) return api(req, res, path.slice('/v1/console/'.length), url, body)
    return file(res, path, req)
  })

  function api(req, res, path, url, body) {
    if (path === 'login') {
      if (body.password !== 'paidan-demo') return problem(res, 401, 'unauthenticated')
      return json(res, 200, session(), { 'Set-Cookie': 'paidan_session=fake; HttpOnly; SameSite=Lax; Path=/' })
    }
    if (path === 'logout') return json(res, 200, {}, { 'Set-Cookie': 'paidan_session=; Max-Age=0; Path=/' })
    if (!/paidan_session=fake/.test(req.headers.cookie ?? '')) return problem(res, 401, 'unauthenticated')
    if (req.method !== 'GET' && req.headers['x-paidan-console'] !== '1') return problem(res, 403, 'forbidden')
    if (path === 'me') return json(res, 200, session())
    if (path === 'settings') {
      return json(res, 200, { basemap: basemap ? { kind: 'pmtiles', url: '/basemap.pmtiles' } : { kind: 'none', url: '' }, now: city.iso(city.now()), clock_speed: city.speed })
    }
    if (path === 'zones') return json(res, 200, { data: city.zones, next_cursor: '' })
    if (path === 'stream') {
      if (state.down) return problem(res, 503, 'unavailable')
      res.writeHead(200, { 'Content-Type': 'text/event-stream' })
      const here = url.searchParams.get('zone_id') === city.zones[0].id
      const all = city.snapshot()
      res.write(frame('snapshot', { ...(here ? all : { ...all, orders: [], riders: [], stores: [] }), alerts: state.alerts }))
      if (here) clients.add(res)
      res.on('close', () => clients.delete(res))
      return
    }
    const desk = office.answer(req.method, path, url.searchParams, body)
    if (desk) return json(res, ...desk)
    if (path === 'handovers' && req.method === 'GET') return json(res, 200, { data: city.handoversOf(url.searchParams), next_cursor: '' })
    if (path === 'handovers/preview') return json(res, 200, city.previewHandover(url.searchParams.get('order_ids').split(',')))
    if (path === 'handovers') {
      if (state.refuse) return json(res, 409, { code: 'no_handover', reason: state.refuse, title: '', status: 409, detail: state.refuse })
      return json(res, 201, city.handOver(body))
    }
    const off = /^handovers\/(\w+)\/cancel$/.exec(path)
    if (off) return json(res, 200, city.answerHandover(off[1], 'cancelled', body.reason))
    const report = /^incidents\/(\w+)\/acknowledge$/.exec(path)
    if (report) {
      state.alerts = state.alerts.filter((a) => a.id !== report[1])
      tell('alerts', { rows: state.alerts })
      return json(res, 200, { id: report[1] })
    }
    const m = /^(orders|riders)\/(\w+)(?:\/(assign|unassign|cancel))?$/.exec(path)
    if (!m) return problem(res, 404, 'not_found')
    const [, what, id, act] = m
    if (!act) {
      const d = what === 'orders' ? city.detail(id) : city.riderDetail(id)
      return d ? json(res, 200, d) : problem(res, 404, 'not_found')
    }
    if (state.race === id) {
      state.race = ''
      const other = city.riders.find((r) => r.presence === 'idle')
      publish(city.change(id, 0, 'assign', { rider_id: other.id }, '李主管'))
    }
    const out = city.change(id, body.version, act, body)
    if (out.status !== 200) return problem(res, out.status, out.code)
    publish(out)
    return json(res, 200, city.detail(id).order)
  }

  function publish(out) {
    tell('orders', { rows: [out.order], gone: [] })
    if (out.riders.length) tell('riders', { rows: out.riders })
  }

  function file(res, path, req) {
    if (path === '/basemap.pmtiles' && basemap) return ranged(res, basemap, req)
    let name = join(dist, normalize(path))
    if (!name.startsWith(dist) || !existsSync(name) || statSync(name).isDirectory()) name = join(dist, 'index.html')
    const type = types[extname(name)] ?? 'application/octet-stream'
    res.writeHead(200, { 'Content-Type': type, ...(extname(name) === '.html' && { 'Content-Security-Policy': policy }) })
    createReadStream(name).pipe(res)
  }

  function ranged(res, name, req) {
    const size = statSync(name).size
    const m = /bytes=(\d+)-(\d*)/.exec(req.headers.range ?? '')
    const [from, to] = m ? [Number(m[1]), m[2] ? Math.min(Number(m[2]), size - 1) : size - 1] : [0, size - 1]
    res.writeHead(m ? 206 : 200, { 'Content-Range': `bytes ${from}-${to}/${size}`, 'Content-Length': to - from + 1, 'Accept-Ranges': 'bytes', 'Content-Type': 'application/octet-stream' })
    createReadStream(name, { start: from, end: to }).pipe(res)
  }

  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () => resolve({
      url: `http://127.0.0.1:${server.address().port}`, city, office, state,
      close() {
        for (const t of timers) clearInterval(t)
        for (const c of clients) c.end()
        server.closeAllConnections()
        server.close()
      },
    }))
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '4400' }, riders: { type: 'string', default: '150' }, orders: { type: 'string', default: '180' }, speed: { type: 'string', default: '1' }, basemap: { type: 'string', default: '' } },
  })
  const fake = await startFake({ port: Number(values.port), riders: Number(values.riders), orders: Number(values.orders), speed: Number(values.speed), basemap: values.basemap })
  console.log(`${fake.url}  demo / dispatcher@demo.paidan / paidan-demo`)
}
