// A zone of its own on a running server, with one store and one rider: whatever is ordered there is that rider's.
import { randomUUID } from 'node:crypto'

export const phonePassword = 'scooter-and-rain'

let last = 0

// somewhere is a place where no other test is, nor another city of this one: a store belongs to the first of zones that lie on one another.
function somewhere() {
  last = Math.max(last + 1, Math.floor(Date.now() / 1000))
  const n = last % 10_000
  return { lat: 30 + (n % 100) / 10, lng: -30 + Math.floor(n / 100) / 10 }
}

// build answers with what a test needs of the zone. staff are the credentials of an administrator; policy is what differs from a zone's
// usual one.
export async function build(url, staff, policy = {}, center = somewhere()) {
  const from = (lat, lng) => ({ lat: center.lat + lat, lng: center.lng + lng })
  const store = from(0.0024, 0.0051)
  const door = from(0.0068, 0)
  let cookie = ''
  const ask = async (method, path, body, headers = {}) => {
    const res = await fetch(url + path, { method, headers: { 'Content-Type': 'application/json', ...headers }, body: body === undefined ? undefined : JSON.stringify(body) })
    if (res.headers.get('set-cookie')) cookie = res.headers.get('set-cookie').split(';')[0]
    const answer = res.status === 204 ? undefined : await res.json()
    if (!res.ok) throw new Error(`${method} ${path}: ${res.status} ${JSON.stringify(answer)}`)
    return answer
  }
  const console_ = (method, path, body) => ask(method, path, body, { Cookie: cookie, 'X-Paidan-Console': '1' })
  await console_('POST', '/v1/console/login', staff)
  const stamp = String(Date.now())
  const zone = await console_('POST', '/v1/console/zones', { name: `Pisa ${stamp}`, around: { center, radius_m: 4000 }, policy: { interval_s: 2, ...policy } })
  await console_('PUT', `/v1/console/zones/${zone.id}/tariff`, { version: 0, tariff: { currency: 'EUR', base: 300, distance: [{ over_m: 1000, step_m: 100, amount: 10 }], rider_pay: { per_order: 420, per_km: 0 }, cancel_percent: 50 } })
  const merchant = await console_('POST', '/v1/console/merchants', { name: 'Trattoria Mario' })
  const { secret } = await console_('POST', `/v1/console/merchants/${merchant.id}/keys`, { name: 'till' })
  const shop = (method, path, body) => ask(method, path, body, { Authorization: `Bearer ${secret}` })
  const made = await shop('POST', '/v1/stores', { name: 'Da Mario', address: 'Borgo Stretto 12', location: store, prep: { p50_s: 60, p90_s: 120 } })
  const phone = `+39050${stamp.slice(-7)}`
  const { data: [hired] } = await console_('POST', '/v1/console/riders', { riders: [{ name: 'Bea Fontani', phone, vehicle: 'ebike', zone_id: zone.id, capacity: 6, max_orders: 3, password: phonePassword }] })
  const near = { lat: store.lat - 0.003, lng: store.lng - 0.002 } // where the rider waits
  const place = (change = {}) => shop('POST', '/v1/orders', {
    store_id: made.id, external_id: `till-${randomUUID().slice(0, 8)}`, preparation_s: 0,
    items: [{ name: 'Ribollita', quantity: 1 }, { name: 'Cantucci', quantity: 2 }], value: { amount: 2150, currency: 'EUR' }, ...change,
    dropoff: { location: door, address: 'Piazza del Duomo 1', contact_name: 'Anna Bianchi', contact_phone: '+39055123456', floor: '3', gate_code: '21B', instructions: 'Suonare due volte.', ...change.dropoff },
  })
  const order = (id) => shop('GET', `/v1/orders/${id}`)
  const events = async (id) => (await shop('GET', `/v1/orders/${id}/events`)).data
  const cancel = (id) => shop('POST', `/v1/orders/${id}/cancel`, { reason: 'closed' })
  const rider = () => console_('GET', `/v1/console/riders/${hired.rider.id}`)
  // see is a dispatcher's taking care of all that this rider has reported.
  const reported = async () => (await console_('GET', '/v1/console/incidents?open=true')).data.filter((i) => i.rider_id === hired.rider.id)
  const see = async () => Promise.all((await reported()).map((i) => console_('POST', `/v1/console/incidents/${i.id}/acknowledge`, {})))
  // offers shifts that begin in so many minutes, each day, by the clock of the demo company.
  const shifts = async (name, inMinutes, hours, places = 3) => {
    const { tenant } = await console_('GET', '/v1/console/me')
    const wall = (minutes) => new Intl.DateTimeFormat('en-GB', { timeZone: tenant.timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(Date.now() + minutes * 60_000)
    return console_('POST', '/v1/console/shift-templates', { zone_id: zone.id, name, weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: wall(inMinutes), to: wall(inMinutes + hours * 60), places })
  }
  const change = async (policy) => {
    const now = (await console_('GET', '/v1/console/zones')).data.find((z) => z.id === zone.id)
    return console_('PATCH', `/v1/console/zones/${zone.id}`, { version: now.version, policy })
  }
  const slots = async () => (await console_('GET', `/v1/console/slots?zone_id=${zone.id}&days=1`)).data
  const adjust = (amount, reason) => console_('POST', '/v1/console/ledger/adjustments', { client_id: randomUUID(), rider_id: hired.rider.id, amount, currency: 'EUR', reason })
  // pair logs in one more phone of the rider's; the answer asks with its token and tells the status.
  const pair = async () => {
    const { enrolment_code } = await console_('POST', `/v1/console/riders/${hired.rider.id}/enrolment-code`)
    const { access_token } = await ask('POST', '/v1/rider/enrol', { code: enrolment_code, device_name: 'Pixel 9' })
    return async () => (await fetch(`${url}/v1/rider/devices`, { headers: { Authorization: `Bearer ${access_token}` } })).status
  }
  // hire makes one more rider, who logs in with the phone and the same password.
  const hire = async (name) => {
    const phone = `+39051${String(Date.now()).slice(-7)}`
    const { data: [made] } = await console_('POST', '/v1/console/riders', { riders: [{ name, phone, vehicle: 'ebike', zone_id: zone.id, capacity: 6, max_orders: 3, password: phonePassword }] })
    return { id: made.rider.id, phone }
  }
  // assign gives a rider an order by hand, also where the engine is just asking somebody.
  const assign = async (o, to, tries = 5) => {
    try {
      return await console_('POST', `/v1/console/orders/${o}/assign`, { rider_id: to, version: (await order(o)).version })
    } catch (e) {
      if (tries > 1 && String(e).includes('"conflict"')) return assign(o, to, tries - 1)
      throw e
    }
  }
  return { hire, assign, slots, adjust, pair, zone, hired: hired.rider, staff: console_, shifts, change, store, near, from, phone, code: hired.enrolment_code, place, order, events, cancel, rider, reported, see }
}
