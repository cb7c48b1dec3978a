// The made-up city's shifts and settlements, for the pages beside the live screen.
const dayMs = 86_400_000
const day = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10) // of the demo company, in Shanghai
const pad = (word, n) => `${word}_${String(n).padStart(26, '0')}`
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

export class Office {
  adjusted = [] // as they were sent
  booked = new Map() // riders by template and day
  constructor(city) {
    this.city = city
    const all = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
    const t = (n, name, days, from, to, places, vehicles = [], last_day = null) => ({ id: pad('tpl', n), zone_id: city.zones[0].id, name, weekdays: days, from, to, places, vehicles, first_day: '2026-01-01', last_day })
    this.templates = [
      t(1, '午餐', all, '11:00', '14:00', 6), t(2, '晚餐', all, '17:30', '21:00', 4), t(3, '周末宵夜', ['fri', 'sat'], '22:00', '01:30', 3, ['ebike', 'motorcycle']), t(4, '早餐', ['mon', 'tue'], '07:00', '09:00', 2, [], '2026-02-01'),
    ]
    const monday = Date.parse(`${day(city.now())}T00:00:00Z`)
    for (let d = -7; d < 14; d++) for (const x of this.templates) {
      const n = 1 + ((d * 7 + x.places * 3 + 70) % x.places)
      this.booked.set(x.id + day(monday + d * dayMs), city.riders.slice(0, n).map((r) => r.id))
    }
  }

  riders = () => this.city.riders.map((r, i) => ({ id: r.id, zone_id: this.city.zones[0].id, external_id: '', name: r.name, phone: `+86 138 0000 ${1000 + i}`, vehicle: r.vehicle, capacity: 8, max_orders: 4, skills: [], disabled_at: null }))

  slots(from, days) {
    const out = []
    for (let i = 0; i < days; i++) {
      const at = Date.parse(`${from}T00:00:00Z`) + i * dayMs
      const d = new Date(at).toISOString().slice(0, 10)
      for (const x of this.templates) if (x.weekdays.includes(weekdays[new Date(at).getUTCDay()]) && (!x.last_day || d <= x.last_day)) {
        const time = (text, after = 0) => new Date(Date.parse(`${d}T${text}:00+08:00`) + after).toISOString()
        const [starts_at, ends_at] = [time(x.from), time(x.to, x.to <= x.from ? dayMs : 0)]
        const who = this.booked.get(x.id + d) ?? []
        const over = Date.parse(starts_at) < this.city.now()
        const bookings = who.map((rider_id, n) => ({
          id: `bkg_${x.id.slice(-2)}${d}${n}`, template_id: x.id, day: d, rider_id, zone_id: x.zone_id, starts_at, ends_at, state: over ? (n === 1 ? 'no_show' : 'kept') : 'booked', booked_at: time('09:30', -2 * dayMs), by_staff: n === 2,
          check_in_from: starts_at, cancel_until: starts_at, shift_id: '',
        }))
        out.push({ template_id: x.id, day: d, zone_id: x.zone_id, name: x.name, starts_at, ends_at, places: x.places, free: Math.max(0, x.places - who.length), vehicles: x.vehicles, bookings })
      }
    }
    return out.sort((a, b) => a.starts_at.localeCompare(b.starts_at))
  }

  settlements({ account, from, to }) {
    const who = [['merchant', '老王川菜馆', 81], ['merchant', '江南小笼', 54], ['rider', this.city.riders[0].name, 23], ['rider', this.city.riders[1].name, 19], ['rider', this.city.riders[2].name, 31]]
    const out = []
    for (let d = 1; d <= 6; d++) who.forEach(([kind, name, n], i) => out.push({
      id: pad('stl', d * 10 + i), day: day(this.city.now() - d * dayMs), account: kind, merchant_id: kind === 'merchant' ? pad('mer', i) : '', rider_id: kind === 'rider' ? this.city.riders[i - 2].id : '', name,
      total: (n + d) * 615, currency: 'CNY', lines: n, closed_at: new Date(this.city.now() - (d - 1) * dayMs - 3_600_000).toISOString(),
    }))
    return out.filter((s) => (!account || s.account === account) && (!from || s.day >= from) && (!to || s.day <= to))
  }

  lines = (id) => Array.from({ length: 9 }, (_, i) => ({
    transaction_id: pad('txn', i), kind: i === 7 ? 'adjustment' : i === 8 ? 'guarantee' : 'delivered', term: i === 3 ? 'peak' : '', term_name: i === 3 ? '晚高峰' : '', at: new Date(this.city.now() - dayMs - (9 - i) * 1_200_000).toISOString(),
    order_id: i < 7 ? pad('ord', Number(id.slice(-3)) * 10 + i) : '', external_id: i < 7 ? `MT-${4100 + i}` : '', reason: i === 7 ? '等餐超过二十分钟' : '', amount: i === 3 ? 120 : 615,
  }))

  report(rider_id, month) {
    const from = `${month}-01T00:00:00+08:00`
    const [y, m] = month.split('-').map(Number)
    const to = new Date(Date.UTC(y, m, 1) - 8 * 3_600_000).toISOString()
    return {
      rider_id, month, from, to, offers: { accepted: 41, declined: 6, expired: 2, withdrawn: 1, reasons: { too_far: 4, '': 2 } }, claims: { 'won best': 3, 'lost taken': 5 }, earned: [{ amount: 512300, currency: 'CNY', orders: 44 }],
      decisions: { from, chosen: { offered: 47, claimed: 3 }, compared: 96, by_term: { click_to_door: 52, work: 9, idle: 4, plan: 11 }, not_able: { capacity: 14, on_break: 6 }, gained: 5, lost: 4 },
      zone: { id: this.city.zones[0].id, policy: { mode: 'offer', offer_ttl_s: 45, max_orders: 5, refusal_s: 600, work: { day_s: 36_000, stretch_s: 16_200, break_s: 1800, breaks_s: 3600, rest_s: 39_600 }, fairness: { idle: 0.1, idle_max_s: 3600, earnings: 3 } } },
      how: { en: 'Every few seconds the engine plans all waiting orders of your zone.', zh: '调度引擎每隔几秒统一规划。' },
    }
  }

  // answer is what the staff API says, as [status, body]; undefined: it is about something else.
  answer(method, path, query, body) {
    const list = (data) => [200, { data, next_cursor: '' }]
    const month = /^riders\/(\w+)\/reports\/([\d-]+)$/.exec(path)
    if (month) return [200, this.report(month[1], month[2])]
    const one = /^settlements\/(\w+)\/lines$/.exec(path)
    if (method === 'GET' && one) return list(this.lines(one[1]))
    switch (`${method} ${path}`) {
      case 'GET riders': return list(this.riders())
      case 'GET slots': return list(this.slots(query.get('from'), Number(query.get('days'))))
      case 'GET shift-templates': return list(this.templates)
      case 'GET settlements': return list(this.settlements(Object.fromEntries(query)))
      case 'POST ledger/adjustments':
        this.adjusted.push(body)
        return [201, {}]
    }
    return undefined
  }
}
