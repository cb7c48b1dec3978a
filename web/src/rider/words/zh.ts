import type { Words } from './en'

export const zh: Words = {
  app: { name: '派单骑手', tagline: '骑手端' },
  login: {
    title: '登录', by: { password: '用密码登录', text: '用短信验证码登录', code: '用调度员给的注册码' },
    sendText: '获取验证码', digits: '短信验证码', digitsHint: '六位数字，已发送到 {{phone}}，5 分钟内有效。', again: '换手机号或重新获取', wrongText: '验证码不对或已过期，请重新获取。', noTexts: '公司没有开通短信，请用密码或注册码登录。',
    code: '调度员给的注册码', codeHint: '分组的字母和数字，只能用一次。',
    tenant: '公司', tenantHint: '公司的简称', phone: '手机号', password: '密码', submit: '登录',
    wrong: '公司、手机号或密码不对。', wrongCode: '注册码不存在或已用过，请向调度员要一个新的。',
    tooMany: '尝试次数太多，请一分钟后再试。', noNetwork: '没有网络，请检查后再试。', failed: '没有成功，请过一分钟再试。',
    ended: '你已被登出，请重新登录；还没发出的内容都保留着。',
  },
  link: {
    live: '已连接', connecting: '正在连接…', polling: '网络较慢', offline: '没有网络',
    offlineLong: '请继续送单：操作都会保存，稍后自动发送。', old: '这是 {{time}} 的数据。',
  },
  waiting: { short: '{{n}} 项待发送', title: '待发送', none: '全部已发送。', explain: '已存在手机里。有网络时按顺序自动发送，每项只发一次。', positions: '你的定位也会保存，稍后发送。', at: '{{time}} 完成', pictures: '照片 {{n}} 张' },
  tab: { now: '当前', route: '路线', earnings: '收入', me: '我的' },
  shift: {
    off: '你已下线', offHint: '上线后开始接单。', goOnline: '上线', until: '到几点', hours: '{{n}} 小时', starting: '正在上线…',
    on: '你已上线', onHint: '等待派单，请保持此页面打开。', untilTime: '到 {{time}}', over: '班次已结束，不再派新单。', goOffline: '下线', ending: '正在下线…',
    hasWork: '你还有没送完的单，请先送完，或请调度员转给别人。', notBooked: '这里要先约班，你现在没有班次，请看上面的班次。', notInZone: '请先到你的区域，在那里才能上线。', rest: '已达到工作时长上限，请先休息。', restUntil: '已达到工作时长上限，{{time}} 后可再上线。', bookedOnly: '这里要先约班才能上线。', needsNetwork: '此操作需要网络，有网络后再试。', failed: '没有成功，请再试一次。', deliveredToday: '本班次已送达', since: '上线时间',
  },
  slots: {
    title: '预约班次', none: '未来 7 天没有班次。', free: '剩 {{n}} 个名额', yours: '已预约', book: '预约', cancel: '取消', full: '已满', next: '你的下一个班次', checkIn: '签到', checkInFrom: '{{time}} 起可以签到。', checkInHint: '签到后班次开始。',
    refusal: { needsNetwork: '此操作需要网络。', full: '名额刚被抢完。', overlaps: '这个时间你已约了别的班次。', closed: '已经来不及了，请找调度员。', failed: '没有成功，请再试一次。' },
  },
  hours: {
    today: '今天已工作', breakDue: '需要休息', mustEnd: '必须下班', rest: '休息到', by: '{{time}} 前', hm: '{{h}} 小时 {{m}} 分钟', m: '{{m}} 分钟',
    breakNow: '休息一下', breakLater: '送完后休息', noBreak: '取消休息', endLater: '送完后下线',
    onBreak: '你正在休息', onBreakHint: '回来之前不会派单。', since: '{{time}} 开始', back: '我回来了',
    breakAsked: '送完手上的单就开始休息，在此之前不再派新单。', endAsked: '送完手上的单就下线，不再派新单。',
  },
  giveBack: {
    button: '退单', title: '退回这个订单', which: '退哪一单？', why: '为什么？', send: '退单',
    hint: '订单和同一任务的其他单会转给别的骑手，不会再派给你，也不影响任何比率。',
    reasons: { too_far: '太远', long_wait: '等餐太久', vehicle: '车辆有问题', too_much: '单太多', shift_ending: '快下班了', other: '其他原因' },
    refusal: { needsNetwork: '此操作需要网络。', tooLate: '来不及了：已取餐，或已不归你。', off: '这里没有开放退单，请找调度员。', failed: '没有成功，请再试一次。' },
  },
  devices: {
    title: '已登录的手机', hint: '手机丢了就在这里登出，立即生效。', nameless: '一部手机', current: '这部手机', seen: '上次使用 {{day}} {{time}}', out: '登出', sure: '确定？', failed: '无法读取，请检查网络。',
  },
  statements: {
    title: '收入明细', week: '按周', month: '按月', earlier: '更早', later: '更晚', none: '这些天没有收入。', csv: '保存为表格（CSV）', failed: '无法读取，请检查网络。',
    kind: { delivered: '送达', returned: '退回门店', adjustment: '调整', guarantee: '保底补足' },
    term: { peak: '高峰奖励', long_distance: '远距离奖励', rain: '雨天奖励' },
  },
  push: {
    title: '有新单时唤醒手机', ask: '应用关闭时，有新单要提醒你吗？', yes: '好，提醒我', no: '以后再说', on: '开', off: '关',
    denied: '此页面的通知被禁止了，请在浏览器设置里允许。', failed: '没有打开，请检查网络后再试。', unavailable: '这个浏览器无法唤醒。在 iPhone 上请先把应用装到主屏幕。',
  },
  pool: {
    title: '可抢订单', claim: '抢单', deciding: '{{n}} 秒', way: '到店 {{away}}，配送 {{ride}}，{{time}} 送完', fair: '抢单会收集几秒钟，由位置最合适的骑手得到，不比手速。',
    refusal: { needsNetwork: '此操作需要网络。', taken: '这单被别人抢到了。', refused: '这单现在不适合你：太远、单太多，或已经没有了。' },
  },
  changes: {
    title: '你的路线有变化', added: '新加到你的路线。', cancelled: '已取消。如果餐在你手上，请送回门店。', takenAway: '不再归你。如果餐在你手上，请送回门店。',
    moved: '先后顺序变了，请看路线。', address: '顾客地址变了。', returning: '要求送回门店。',
  },
  acceptance: { days: '近 {{n}} 天接单率', rate: '{{percent}}%，{{all}} 单接了 {{n}} 单', explain: '接单率不影响派单，系统派单时看不到它。你拒绝的订单 {{n}} 分钟内不会再派给你，仅此而已。' },
  gps: {
    waiting: '正在定位…', on: '定位正常', denied: '没有定位权限。请在浏览器设置里允许此页面定位，否则收不到派单。',
    unavailable: '手机无法定位。请到室外，并确认定位已打开。', off: '定位已关闭', trial: '试骑模式：定位是模拟的。',
  },
  offer: {
    title: '新订单', titleMany: '新订单 {{n}} 个', seconds: '秒', accept: '接单', decline: '拒绝', pay: '收入', payPlus: '另加', noPay: '报酬按约定', toStore: '到门店', route: '路线上的停靠点', extra: '含已有订单',
    pickup: '取餐', dropoff: '送达', readyAt: '{{time}} 出餐', by: '{{time}} 前', done: '约 {{time}} 送完', away: '距门店 {{distance}}',
    sending: '正在发送你的接单…', sendingHint: '送到服务器后才算接单。', why: '为什么拒绝？', back: '返回',
    reasons: { too_far: '太远', shift_ending: '快下班了', vehicle: '车辆有问题', too_much: '单太多', break: '需要休息', other: '其他原因' },
  },
  step: {
    toStore: '前往门店', atStore: '已到店', toDoor: '前往顾客处', atDoor: '已到顾客处', back: '送回门店',
    arrived: '我到了', arrivedYes: '是的，我到了', seems: '你已经到了吗？定位显示 {{time}} 到达。', pickedUp: '已取餐', pickedUpMany: '已取餐 {{n}}/{{all}}', deliver: '已送达', returned: '已退回门店',
    navigate: '导航', call: '打电话', callLost: '打不通，再试', fail: '无法送达', by: '{{time}} 前', late: '晚 {{n}} 分钟', arrive: '{{time}} 到达', ready: '已出餐', readyAt: '{{time}} 出餐',
    orders: '订单', order: '订单 {{id}}', items: '餐品', tick: '没取到的请取消勾选。', next: '接下来', leaveAtDoor: '放在门口即可', floor: '{{v}} 楼', unit: '房号 {{v}}', gate: '门禁码 {{v}}', notSent: '待发送', lacking: '还差：{{what}}',
  },
  proof: {
    title: '送达前需要', photo: '照片', takePhoto: '拍照', morePhoto: '再拍一张', remove: '删除', photoOf: '照片 {{n}}', photoFailed: '这张照片无法读取，请重拍。',
    signature: '签名', sign: '请顾客在此签名', clear: '清除', signedBy: '签收人姓名', pin: '顾客的收货码', barcode: '包裹条码', age: '我已看过证件：年满 {{n}} 岁', cash: '我已收到 {{amount}}', collect: '收款 {{amount}}',
  },
  lack: { cash: '收款', age: '年龄', pin: '收货码', barcode: '条码', photo: '照片', signature: '签名' },
  fail: {
    title: '为什么无法送达？', hint: '之后请把餐送回门店。', note: '补充说明（可不填）', confirm: '送回门店', cancel: '返回',
    reasons: { customer_absent: '没有人在', wrong_address: '地址不对', refused: '顾客拒收', damaged: '破损或洒漏', unsafe: '此处不安全', other: '其他原因' },
  },
  route: { title: '你的路线', empty: '没有停靠点。接单后会显示在这里。', map: '路线地图', you: '你', pickup: '取餐', dropoff: '送达', back: '退回', mapFailed: '地图无法显示，下面的列表是完整的。', mapLoading: '正在加载地图…' },
  earnings: { title: '今天', none: '今天还没有收入。', orders: '{{n}} 单', hint: '以公司账目为准，可能晚一分钟。', old: '没有网络，这是上次的数据。', refresh: '刷新' },
  me: {
    title: '我的', language: '语言', theme: '外观', light: '浅色', dark: '深色', auto: '跟随手机', navigation: '导航软件', navGeo: '手机默认', navGoogle: '谷歌地图', navAmap: '高德地图', vehicle: '车辆', phone: '手机号', company: '公司',
    signOut: '退出登录', signOutAsk: '有些操作还没发送。它们会留在这台手机上，直到你再次在此登录。现在退出吗？', signOutShift: '你还在线，请先下线。', stay: '不退出', newer: '新版本已就绪', update: '立即更新', install: '安装为应用',
  },
  vehicle: { walking: '步行', bicycle: '自行车', ebike: '电动车', motorcycle: '摩托车', car: '汽车' },
  done: { 'accept': '接单', 'decline': '拒单', 'arrive-store': '到店', 'pickup': '取餐', 'arrive-door': '到顾客处', 'deliver': '送达', 'fail': '无法送达', 'return': '退回门店', 'report': '报告问题' },
  problem: {
    button: '问题', title: '报告问题', send: '提交', sent: '调度员已经看到。', unsent: '已保存，有网络时立即发送。',
    kinds: { accident: '发生事故', vehicle_broken: '车辆坏了', customer_absent: '没有人在', wrong_address: '地址不对', damaged: '破损或洒漏', store_closed: '门店没开门', long_wait: '等餐太久', other: '其他问题' },
    flow: { stops: '没取的单会转给别人，不再派新单；已取的单由调度员安排。', returns: '这一单要送回门店。', told: '由调度员或门店决定，在此之前这一单仍归你。' },
  },
  alarm: {
    title: '安全报警', hold: '长按求助', holding: '继续按住…', what: '按住 1.5 秒，所有调度员都会看到你的姓名、手机号和位置。',
    noAmbulance: '报警不会通知急救和公安，请自己拨打电话。', back: '返回', done: '关闭',
    call: { all: '拨打 {{number}}', ambulance: '急救 {{number}}', police: '公安 {{number}}' },
    stage: { unsent: '还没发出', sent: '报警已发出', seen: '调度员已看到' },
    stageHint: { unsent: '{{time}} 报警，每隔几秒自动重发，直到发出为止。', sent: '{{time}} 报警，正在等调度员确认。', seen: '{{time}} 已确认。请留在安全的地方，保持电话畅通。' },
    strip: { unsent: '报警还没发出', sent: '报警已发出，等待调度员', seen: '调度员已看到报警' },
  },
  notice: {
    ok: '知道了',
    offerGone: '这个订单没有了：已撤回，或时间已过。',
    cancelled: '这个订单已被取消。如果餐在你手上，请联系调度员。',
    reassigned: '这个订单已不归你，现在由别人送。',
    ended: '这个订单已经结束：{{state}}。',
    impossible: '现在不能这样操作：订单是“{{state}}”。',
    pin: '凭证不对。请再问顾客一次并重新输入。',
    tooOld: '这是一天以前的操作，服务器不再接受，请告诉调度员。',
    missing: '这一单还缺送达凭证，请再看一下这一步。',
    other: '服务器没有接受。{{detail}}',
    server: '服务器多次出错，请告诉调度员你做了什么。',
  },
  state: { scheduled: '预约', pending: '无骑手', offered: '派单中', assigned: '已派单', at_store: '已到店', picked_up: '已取餐', at_door: '已到顾客处', delivered: '已送达', returning: '退回中', returned: '已退回门店', cancelled: '已取消' },
}
