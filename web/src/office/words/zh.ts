import type { OfficeWords } from './en'

export const zh: OfficeWords = {
  pages: { live: '调度', shifts: '班次', money: '结算', title: '页面' },
  keys: { move: '移动', open: '打开', close: '关闭', week: '换周', make: '新建' },
  failed: '无法加载。', again: '重试', more: '显示更多', save: '保存', back: '返回', none: '无',
  refusal: {
    slot_full: '这个班次已经满员。', slot_overlaps: '骑手这个时间已有别的班次。', slot_closed: '来不及了：班次已开始，或骑手已到岗。',
    slot_unavailable: '这个班次不对该骑手开放。', not_found: '它已不存在。', forbidden: '你的角色没有权限。', network: '无法连接服务器。', validation: '请检查标出的字段。',
    client_id_used: '之前已用别的内容提交过，请查看账本。',
  },
  shifts: {
    title: '本周班次', earlier: '上一周', later: '下一周', thisWeek: '回到本周', none: '这一周没有班次。', noneHint: '新建一个模板，就会在选定的日子提供同样的班次。',
    places: '{{n}}/{{places}} 人', full: '满员', open: '剩 {{n}} 个名额', missing: '{{n}} 人没有来', pick: '选择一个班次，查看谁已预约。', booked: '已预约', nobody: '还没有人预约。',
    by: '{{at}} 预约', byStaff: '{{at}} 由员工预约', remove: '移出', sure: '把 {{name}} 移出这个班次？', sureHint: '名额会空出来。骑手不会自动收到通知，请打电话告知。', add: '为骑手预约', book: '预约', rider: '骑手', search: '姓名或手机号',
    state: { booked: '已预约', kept: '已到岗', no_show: '没有来', cancelled: '已取消' },
    readOnly: '你的角色只能查看，不能预约。',
  },
  template: {
    title: '班次模板', add: '新建模板', edit: '修改', name: '名称', nameHint: '骑手看到的名称，例如“晚餐”', weekdays: '星期', from: '开始', to: '结束', toHint: '不晚于开始时间则为次日', places: '名额', vehicles: '车辆', anyVehicle: '不限',
    firstDay: '第一天', lastDay: '最后一天', forever: '长期有效', lastDayHint: '留空表示长期有效', ended: '已结束', until: '到 {{day}}', starts: '从 {{day}} 起', fixed: '星期和时间保持不变，以免影响已预约的人。要改时间，请结束这个模板再新建一个。',
    fewer: '少于已预约人数时：不会有人失去名额，也不再有新名额。', none: '这个区域没有模板。', adminOnly: '只有管理员可以新建和修改模板。', saved: '已保存', wrongDays: '至少选一天。', wrongTime: '时间格式如 18:30。', wrongPlaces: '1 到 10000 之间。', wrongLast: '不能早于第一天。',
  },
  weekday: { mon: '周一', tue: '周二', wed: '周三', thu: '周四', fri: '周五', sat: '周六', sun: '周日' },
  report: { print: '打印', hint: '与 {{name}} 在骑手端看到的内容相同，“你”指骑手。' },
  money: {
    title: '结算', hint: '每天结束后 10 到 40 分钟结账：每个商家和骑手各一份。之后的账目计入下一天。',
    from: '从', to: '到', account: '对象', all: '全部', merchant: '商家', rider: '骑手', find: '名称', day: '日期', name: '名称', kind: '账户', lines: '明细数', total: '金额', owes: '应付', isOwed: '应收',
    none: '没有符合的结算单。', pick: '选择一份结算单，查看明细。', csv: '导出表格', closed: '{{at}} 结账', sums: '合计', merchantsOwe: '商家应付', ridersGet: '骑手应得',
    merchantOne: '商家', riderOne: '骑手', loadMore: '还有更多：请缩小日期范围，或显示更多。',
    adjust: '调整', adjustTitle: '调整 {{name}} 的账户', adjustHint: '已写入的账目不会改变：调整是单独的一行，计入下一个结账日。', amount: '金额', amountHintMerchant: '正数为多付，负数为少付', amountHintRider: '正数为多得，负数为少得',
    reason: '原因', reasonHint: '会显示在结算单上，对方也能看到', order: '相关订单', orderHint: '如果与某一单有关，填订单编号（ord_…）', wrongAmount: '请填不为零的金额，例如 12.50 或 −3。', wrongReason: '请写明原因。', wrongOrder: '订单编号形如 ord_01h…。',
    done: '已调整：{{name}}，{{amount}}', financeOnly: '只有管理员和财务可以调整。', write: '写入账本',
    line: { delivered: '送达', returned: '退回门店', cancelled: '取消', adjustment: '调整', guarantee: '保底补足' },
    term: { peak: '高峰奖励', long_distance: '远距离奖励', rain: '雨天奖励' },
  },
}
