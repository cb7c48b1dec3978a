// A made-up city of any size, in the words of the console's API: for situations that a real server can't be brought into
// on purpose, and for loads that no test machine could simulate.

export function random(seed) {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const zhSur = '王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马罗'
const zhGiven = ['建国', '秀英', '志强', '丽华', '海涛', '晓明', '文静', '国庆', '春燕', '俊杰', '雪梅', '永强', '佳怡', '浩然', '子轩', '思远']
const foods = ['川香居', '兰州牛肉面', '老北京炸酱面', '粤味轩', '沙县小吃', '黄焖鸡米饭', '重庆小面', '湘满楼', '东北饺子馆', '麻辣烫', '鲜芋仙', '瑞幸咖啡', '喜茶', '西贝莜面村', '真功夫', '必胜客', 'Trattoria da Enzo', 'Burger Lab', 'Sushi Kintsugi', 'Pizzeria Giglio']
const streets = ['人民路', '解放大道', '中山北路', '和平街', '建设二路', '文化西路', '滨江大道', '学院路', '新华街', '长安巷']
const vehicles = ['ebike', 'ebike', 'ebike', 'motorcycle', 'bicycle', 'car']
const reasons = ['no_rider', 'held', 'refused', 'capacity', 'not_worth', 'no_position']
const base32 = '0123456789abcdefghjkmnpqrstvwxyz'

export class City {
  /** @param {{riders?: number, orders?: number, speed?: number, seed?: number}} [size] */
  constructor({ riders = 150, orders = 180, speed = 1, seed = 7, center = { lat: 30.2741, lng: 120.1551 }, start = Date.parse('2026-03-12T12:10:00+08:00') } = {}) {
    this.rnd = random(seed)
    this.speed = speed
    this.begin = start
    this.wall = Date.now()
    this.center = center
    this.reach = riders > 1000 ? 0.085 : 0.032
    this.zones = [this.zone('滨江', center, this.reach), this.zone('西城', { lat: center.lat, lng: center.lng - this.reach * 3 }, this.reach)]
    this.stores = Array.from({ length: Math.max(12, Math.round(riders / 6)) }, (_, i) => ({
      id: this.id('sto'), name: foods[i % foods.length] + (i >= foods.length ? `（${streets[(i * 7) % streets.length]}店）` : ''), location: this.place(0.75),
    }))
    this.riders = Array.from({ length: riders }, (_, i) => this.rider(i))
    this.orders = new Map()
    this.details = new Map()
    for (let i = 0; i < orders; i++) this.add(i)
    this.delivered = 0
    this.n = 0
  }

  now() { return this.begin + (Date.now() - this.wall) * this.speed }
  iso(ms) { return new Date(ms).toISOString() }
  pick(list) { return list[Math.floor(this.rnd() * list.length)] }

  id(kind) {
    let s = '01'
    for (let i = 0; i < 24; i++) s += base32[Math.floor(this.rnd() * 32)]
    return `${kind}_${s}`
  }

  place(spread = 1) {
    const r = Math.sqrt(this.rnd()) * this.reach * spread
    const a = this.rnd() * Math.PI * 2
    return { lat: this.center.lat + Math.sin(a) * r * 0.86, lng: this.center.lng + Math.cos(a) * r }
  }

  zone(name, c, reach) {
    const outline = Array.from({ length: 36 }, (_, i) => {
      const a = (i / 36) * Math.PI * 2
      const r = reach * (1.05 + (i % 3 === 0 ? 0.06 : 0) + (i % 5 === 0 ? -0.05 : 0))
      return { lat: c.lat + Math.sin(a) * r * 0.86, lng: c.lng + Math.cos(a) * r }
    })
    return { id: this.id('zon'), name, policy: {}, version: 1, cells: [], outline: [outline], center: c }
  }

  rider(i) {
    const at = this.place(0.95)
    return {
      id: this.id('rid'), name: this.pick([...zhSur]) + this.pick(zhGiven), vehicle: this.pick(vehicles),
      presence: i % 17 === 5 ? 'stale' : 'idle', lat: at.lat, lng: at.lng, heading: Math.round(this.rnd() * 360), at: this.iso(this.now() - (i % 17 === 5 ? 400_000 : 1000)),
      orders: [], stops: [], capacity: 8, max_orders: 4, shift_ends_at: this.iso(this.begin + 4 * 3600_000), phone: `+86 13${Math.floor(1e8 + this.rnd() * 8.9e8)}`,
    }
  }

  add(i) {
    const now = this.now()
    const store = this.stores[Math.floor(this.rnd() ** 1.7 * this.stores.length)]
    const age = this.rnd() * 1800_000
    const o = {
      id: this.id('ord'), external_id: `MT-${100000 + i}`, state: 'pending', version: 1, store_id: store.id, store_name: store.name, zone_id: this.zones[0].id,
      rider_id: '', offer_rider_id: '', placed_at: this.iso(now - age), due_at: this.iso(now - age), promise_at: this.iso(now - age + 2400_000),
      ready_estimate: this.iso(now - age + 900_000), ready_at: null, eta_at: null, picked_up_at: null, ended_at: null, pickup: store.location,
      dropoff: this.place(), address: `${this.pick(streets)} ${1 + Math.floor(this.rnd() * 300)} 号 ${1 + Math.floor(this.rnd() * 9)} 幢 ${100 + Math.floor(this.rnd() * 900)} 室`, reason: '', declines: 0,
    }
    const events = [this.event(1, 'placed', 'pending', now - age, 'merchant', store.name)]
    const kind = this.rnd()
    if (kind > 0.16) {
      // Somebody has it.
      const r = this.pick(this.riders)
      if (r.presence !== 'stale' || this.rnd() < 0.1) {
        o.rider_id = r.id
        o.state = kind > 0.6 ? 'picked_up' : kind > 0.45 ? 'at_store' : 'assigned'
        const late = this.rnd()
        const slack = late > 0.93 ? -300_000 - this.rnd() * 600_000 : late > 0.84 ? 30_000 + this.rnd() * 120_000 : 300_000 + this.rnd() * 900_000
        const eta = now + 120_000 + this.rnd() * 900_000
        o.eta_at = this.iso(eta)
        o.promise_at = this.iso(eta + slack)
        o.version = 4
        events.push(this.event(2, 'offered', 'offered', now - age + 40_000, 'engine', ''), this.event(3, 'offer_accepted', 'assigned', now - age + 62_000, 'rider', r.name))
        if (o.state !== 'assigned') events.push(this.event(4, 'arrived_at_store', 'at_store', now - age / 2, 'rider', r.name))
        if (o.state === 'picked_up') {
          o.version = 5
          o.picked_up_at = o.ready_at = this.iso(now - age / 4)
          events.push(this.event(5, 'picked_up', 'picked_up', now - age / 4, 'rider', r.name))
        }
        this.give(r, o)
      }
    } else if (kind > 0.11) {
      o.state = 'offered'
      o.version = 2
      o.offer_rider_id = this.pick(this.riders).id
      o.reason = 'offer_open'
      events.push(this.event(2, 'offered', 'offered', now - 20_000, 'engine', ''))
    } else {
      o.reason = this.pick(reasons)
      o.declines = o.reason === 'refused' ? 2 : 0
      if (this.rnd() < 0.3) o.promise_at = this.iso(now + this.rnd() * 500_000 - 120_000)
    }
    this.orders.set(o.id, o)
    this.details.set(o.id, events)
    return o
  }

  give(r, o) {
    r.orders = [...r.orders, o.id]
    const eta = Date.parse(o.eta_at)
    if (!o.picked_up_at) r.stops = [...r.stops, { order_id: o.id, kind: 'pickup', ...o.pickup, arrive_at: this.iso(Math.min(eta - 240_000, this.now() + 200_000)) }]
    r.stops = [...r.stops, { order_id: o.id, kind: 'dropoff', ...o.dropoff, arrive_at: o.eta_at }]
    r.stops.sort((a, b) => Date.parse(a.arrive_at) - Date.parse(b.arrive_at))
    if (r.presence === 'idle') r.presence = 'working'
  }

  take(o) {
    const r = this.riders.find((x) => x.id === o.rider_id)
    if (!r) return null
    r.orders = r.orders.filter((x) => x !== o.id)
    r.stops = r.stops.filter((s) => s.order_id !== o.id)
    if (!r.orders.length && r.presence === 'working') r.presence = 'idle'
    return r
  }

  event(version, type, state, at, kind, name, data = {}) {
    return { version, type, state, at: this.iso(at), client_at: null, actor: { kind, id: '', name }, data }
  }

  // move rides everybody a second on and tells where they are now.
  move(dt = 1) {
    const now = this.now()
    const p = []
    for (const r of this.riders) {
      if (r.presence === 'stale') continue
      const to = r.stops[0]
      let dLat = 0
      let dLng = 0
      const step = 0.00006 * dt * Math.min(this.speed, 5)
      if (to) {
        const d = Math.hypot(to.lat - r.lat, to.lng - r.lng)
        if (d > step) [dLat, dLng] = [((to.lat - r.lat) / d) * step, ((to.lng - r.lng) / d) * step]
      } else if (this.rnd() < 0.3) [dLat, dLng] = [(this.rnd() - 0.5) * step, (this.rnd() - 0.5) * step]
      if (!dLat && !dLng) continue
      r.lat += dLat
      r.lng += dLng
      r.heading = to ? Math.round(((Math.atan2(dLng, dLat) * 180) / Math.PI + 360) % 360) : null
      r.at = this.iso(now)
      p.push([r.id, Number(r.lat.toFixed(6)), Number(r.lng.toFixed(6)), r.heading, Math.round(now)])
    }
    return p
  }

  kpi() {
    const all = [...this.orders.values()]
    const n = (f) => all.filter(f).length
    const open = (o) => !o.ended_at
    this.n++
    return {
      now: this.iso(this.now()), open: n(open), pending: n((o) => o.state === 'pending'), offered: n((o) => o.state === 'offered'),
      assigned: n((o) => o.state === 'assigned' || o.state === 'at_store'), picked_up: n((o) => o.state === 'picked_up'), late: 0, at_risk: 0,
      riders_on_shift: this.riders.length, riders_idle: this.riders.filter((r) => r.presence === 'idle').length,
      riders_working: this.riders.filter((r) => r.presence === 'working').length, riders_stale: this.riders.filter((r) => r.presence === 'stale').length,
      delivered_1h: 412 + this.delivered, click_to_door_mean_s: 1694,
      round: { at: this.iso(this.now() - 4000), took_ms: 83 + (this.n % 20), orders: n((o) => o.state === 'pending'), riders: this.riders.length, offered: 6, assigned: 0, held: 3, unassigned: 2 },
    }
  }

  snapshot() {
    return { now: this.iso(this.now()), speed: this.speed, orders: [...this.orders.values()], riders: this.riders, stores: this.stores, kpi: this.kpi() }
  }

  detail(id) {
    const o = this.orders.get(id)
    if (!o) return null
    const r = this.riders.find((x) => x.id === o.rider_id)
    const now = this.now()
    const at = (type) => this.details.get(id).find((e) => e.type === type)?.at ?? null
    const near = this.riders.filter((x) => x.presence !== 'stale' && x.id !== o.rider_id)
      .map((x) => ({ x, m: Math.hypot(x.lat - o.pickup.lat, x.lng - o.pickup.lng) * 100_000 })).sort((a, b) => a.m - b.m).slice(0, 8)
    const candidate = ({ x, m }, i) => {
      const ride = 3 + m / 330
      const terms = { click_to_door: 24 + ride, late: i > 2 ? 1.5 * i : 0, work: 1.1 + ride * 0.15, pay: i % 3 ? 2 : 0, others: x.orders.length * 1.3, position: 0, idle: 0, earned: 0 }
      const full = x.orders.length >= x.max_orders
      return {
        rider_id: x.id, rider_name: x.name, cost: Object.values(terms).reduce((a, b) => a + b, 0), terms, feasible: !full, reason: full ? 'capacity' : '',
        pickup_at: this.iso(now + ride * 60_000), dropoff_at: this.iso(now + (ride + 9) * 60_000), orders: x.orders.length, distance_m: Math.round(m), idle_s: 0, earned_pct: 0,
      }
    }
    const candidates = near.map(candidate)
    const waiting = !o.rider_id && o.reason && o.reason !== 'offer_open'
    const asked = r ?? this.riders.find((x) => x.id === o.offer_rider_id)
    const chosen = asked ? candidate({ x: asked, m: 640 }, 0) : null
    const decisions = [
      { first_at: this.iso(Date.parse(o.placed_at) + 8000), last_at: this.iso(Date.parse(o.placed_at) + 38_000), round_id: this.id('rnd'), kind: 'waiting', rider_id: '', rider_name: '', reason: 'no_rider', until: null, chosen: null, runners_up: [] },
      waiting
        ? { first_at: this.iso(now - 90_000), last_at: this.iso(now), round_id: this.id('rnd'), kind: o.reason === 'held' ? 'held' : 'waiting', rider_id: near[0].x.id, rider_name: near[0].x.name, reason: o.reason, until: o.reason === 'held' ? this.iso(now + 240_000) : null, chosen: null, runners_up: [] }
        : { first_at: this.iso(Date.parse(o.placed_at) + 40_000), last_at: this.iso(Date.parse(o.placed_at) + 40_000), round_id: this.id('rnd'), kind: 'offered', rider_id: asked?.id ?? '', rider_name: asked?.name ?? '', reason: '', until: null, chosen, runners_up: candidates.filter((c) => c.feasible).slice(1, 4).map((c, i) => ({ ...c, cost: (chosen?.cost ?? 0) + 0.8 + i * 1.7 })) },
    ]
    return {
      order: {
        id, external_id: o.external_id, merchant_id: 'mer_x', merchant_name: '川香餐饮', store_id: o.store_id, store_name: o.store_name, zone_id: o.zone_id, state: o.state, version: o.version,
        pickup: { location: o.pickup }, dropoff: { location: o.dropoff, address: o.address, contact_name: '林女士', contact_phone: '+86 138 0013 8000', instructions: '放门口鞋柜上，请勿按门铃' },
        items: [{ name: '宫保鸡丁盖饭', quantity: 2 }, { name: '酸辣土豆丝', quantity: 1 }], load: 1, skills: [], vehicles: [], value: { amount: 6850, currency: 'CNY' },
        placed_at: o.placed_at, due_at: o.due_at, promise_at: o.promise_at, ready_estimate: o.ready_estimate, accepted_at: o.placed_at, ready_at: o.ready_at,
        assigned_at: at('offer_accepted') ?? at('assigned'), at_store_at: at('arrived_at_store'), picked_up_at: o.picked_up_at, at_door_at: null, ended_at: o.ended_at, eta_at: o.eta_at ?? o.promise_at,
        rider: r ? { id: r.id, name: r.name, vehicle: r.vehicle, phone: r.phone } : null, cancel: o.cancel ?? null, updated_at: this.iso(now),
      },
      events: this.details.get(id), plan: r ? this.plan(r) : [], why: { decisions, candidates: o.ended_at || o.picked_up_at ? [] : candidates },
    }
  }

  plan(r) {
    return r.stops.map((s) => ({
      order_id: s.order_id, kind: s.kind, location: { lat: s.lat, lng: s.lng }, arrive_at: s.arrive_at, depart_at: s.arrive_at, ready_estimate: null,
      name: this.orders.get(s.order_id)?.store_name ?? '', address: this.orders.get(s.order_id)?.address ?? '', instructions: '',
    }))
  }

  riderDetail(id) {
    const r = this.riders.find((x) => x.id === id)
    if (!r) return null
    return {
      rider: { id, zone_id: this.zones[0].id, external_id: '', name: r.name, phone: r.phone, vehicle: r.vehicle, capacity: r.capacity, max_orders: r.max_orders, skills: [], disabled_at: null },
      shift: { id: 'shf_x', rider_id: id, zone_id: this.zones[0].id, started_at: this.iso(this.begin - 2 * 3600_000), ends_at: r.shift_ends_at, ended_at: null, delivered: 7 },
      presence: r.presence, position: { location: { lat: r.lat, lng: r.lng }, at: r.at, accuracy_m: 8, speed_mps: 5, heading_deg: r.heading },
      plan: { version: 3, stops: this.plan(r), orders: [] }, offers: [],
    }
  }

  handovers = [] // the newest first

  handoversOf(query) {
    const order = query.get('order_id')
    return this.handovers.filter((h) => (!order || h.order_ids.includes(order)) && (query.get('live') !== 'true' || h.state === 'open' || h.state === 'accepted')).slice(0, Number(query.get('limit') ?? 50))
  }

  previewHandover(ids) {
    const orders = ids.map((id) => this.orders.get(id))
    const giver = this.riders.find((r) => r.id === orders[0].rider_id)
    const on_board = orders[0].state === 'picked_up'
    const at = on_board ? giver : orders[0].pickup
    const now = this.now()
    const far = (r) => Math.hypot(r.lat - at.lat, r.lng - at.lng) * 100_000
    return {
      giver: { id: giver.id, name: giver.name, phone: giver.phone }, on_board, meet: on_board ? { location: { lat: giver.lat, lng: giver.lng }, at: this.iso(now) } : null, answer_s: 120,
      orders: orders.map((o) => ({ id: o.id, eta_at: o.eta_at, promise_at: o.promise_at })),
      takers: this.riders.filter((r) => r.presence !== 'stale' && r.id !== giver.id).sort((a, b) => far(a) - far(b)).slice(0, 5).map((r, i) => ({
        rider_id: r.id, name: r.name, vehicle: r.vehicle, distance_m: Math.round(far(r)), orders: r.orders.length, cost: 18 + i * 2.4, take_at: this.iso(now + 180_000 + far(r) * 300),
        doors: orders.map((o, n) => ({ order_id: o.id, at: this.iso(now + 780_000 + n * 200_000 + far(r) * 300) })), delay_s: r.orders.length * 150,
      })),
    }
  }

  handOver({ to, order_ids, reason }) {
    const named = (id) => ({ id, name: this.riders.find((r) => r.id === id).name, phone: '' })
    const h = {
      id: this.id('hnd'), state: 'open', giver: named(this.orders.get(order_ids[0]).rider_id), taker: named(to), order_ids, by_dispatcher: true, reason, meet: null,
      made_at: this.iso(this.now()), expires_at: this.iso(this.now() + 120_000), seen_at: null, answered_at: null, ended_at: null, end_reason: '',
    }
    this.handovers.unshift(h)
    return h
  }

  answerHandover(id, state, end_reason = '') {
    return Object.assign(this.handovers.find((h) => h.id === id), { state, end_reason, ended_at: state === 'accepted' ? null : this.iso(this.now()) })
  }

  // What a dispatcher does. version as with the real one; who: another dispatcher, to be faster than the test.
  change(id, version, kind, body, who = '周调度') {
    const o = this.orders.get(id)
    if (!o) return { status: 404, code: 'not_found' }
    if (version && version !== o.version) return { status: 409, code: 'conflict' }
    const had = this.take(o)
    o.version++
    const riders = had ? [had] : []
    if (kind === 'assign') {
      const r = this.riders.find((x) => x.id === body.rider_id)
      if (!r) return { status: 404, code: 'not_found' }
      Object.assign(o, { rider_id: r.id, offer_rider_id: '', state: 'assigned', reason: '', eta_at: this.iso(this.now() + 780_000) })
      this.give(r, o)
      riders.push(r)
      this.details.get(id).push(this.event(o.version, 'assigned', 'assigned', this.now(), 'dispatcher', who, { rider_id: r.id, rider_name: r.name }))
    } else if (kind === 'unassign') {
      Object.assign(o, { rider_id: '', state: 'pending', reason: 'no_rider', eta_at: null })
      this.details.get(id).push(this.event(o.version, 'unassigned', 'pending', this.now(), 'dispatcher', who, { reason: body.reason }))
    } else {
      Object.assign(o, { rider_id: '', state: 'cancelled', reason: '', eta_at: null, ended_at: this.iso(this.now()), cancel: { fault: body.fault, reason: body.reason } })
      this.details.get(id).push(this.event(o.version, 'cancelled', 'cancelled', this.now(), 'dispatcher', who, { reason: body.reason, fault: body.fault }))
    }
    return { status: 200, order: o, riders }
  }
}
