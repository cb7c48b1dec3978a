import type { ReportWords } from './en'

export const zh: ReportWords = {
  title: '派单决定说明', earlier: '上个月', later: '下个月',
  earned: '收入（以账本为准）',
  offers: {
    title: '向你发出的邀约', none: '本月没有邀约。', accepted: '已接受', declined: '已拒绝', expired: '超时未答复', withdrawn: '答复前被撤回',
    why: '拒绝原因', noReason: '未说明', reasons: { too_far: '太远', shift_ending: '即将下班', vehicle: '车辆问题', too_much: '单太多', break: '需要休息', too_heavy: '太重', busy: '正忙', other: '其他' },
  },
  chosen: { title: '派给你的运单', none: '本月没有。', offered: '向你邀约', assigned: '直接派给你', claimed: '你从抢单池抢到' },
  claims: {
    title: '你的抢单', open: '尚未决定', won: '抢到', lost: '未抢到', why: '{{state}}：{{reason}}',
    reasons: {
      first: '最先抢单', only: '唯一抢单', best: '位置最优', longest_idle: '空闲最久', taken: '其他骑手抢到', gone: '已取消或人工改派', too_far: '离门店太远', stale: '没有最新定位', offer_open: '有未答复的邀约',
    },
  },
  others: {
    title: '派给他人的运单', lead: '有 {{n}} 单派给了其他骑手，而你也是最合适的人选之一。', none: '没有在你是合适人选时派给他人的运单。',
    terms: '对方主要优在何处', able: '你未能接单的原因',
    term: {
      click_to_door: '顾客更早收到', late: '超时更少', work: '路程更短', pay: '报酬在保底之内', others: '你手上的其他顾客会等更久', position: '送完后的位置更好',
      idle: '公平：对方空闲更久', earned: '公平：对方收入更低', plan: '你同样合适：全部运单统筹后，对方更优',
    },
    reason: {
      capacity: '没有空余容量', skill: '技能或车型不符', vehicle: '需要其他车型', refused: '你刚拒绝过', shift_end: '送达前你已下班', shift_ending: '你即将下班',
      on_break: '你正在或即将休息', break_due: '该休息了', work_limit: '已达到允许的工作时长', disabled: '账号已停用', detour: '车上的运单会等太久', together: '同一批的运单装不下',
      not_worth: '绕路不如等待', no_time: '该轮次未计算到', fixed: '须由另一位骑手配送', stale: '没有最新定位', too_far: '离门店太远', no_rider: '未上班', too_long: '耗时过长', offer_open: '有未答复的邀约',
    },
  },
  fairness: { title: '公平带来的变化', gained: '因此派给你的运单', lost: '因此派给他人的运单', off: '你的区域未设公平权重。' },
  rules: {
    title: '本区域现行规则', mode: '派单方式', modes: { offer: '先询问你', force: '直接派单', pool: '由你抢单' }, answer: '答复邀约的时限', orders: '同时最多运单数', refusal: '拒单后多久内不再派同一单',
    day: '每日最长工作', stretch: '连续工作最长', breaks: '每班次最长休息', rest: '24 小时内至少休息', idle: '空闲时间的权重', earnings: '收入均衡的权重', none: '不限',
    weighs: '每分钟 {{n}} 分', weighsEarned: '最多 {{n}} 分', s: '{{n}} 秒', min: '{{n}} 分钟', h: '{{n}} 小时', hm: '{{h}} 小时 {{m}} 分钟',
  },
  how: '决定如何做出',
  ask: { title: '有异议？', text: '每个决定都可以由人查看和更改。请联系调度员，说明是哪一单或哪一天：谁接了单、为什么，保留 90 天。' },
  since: '原因保留 90 天，自 {{day}} 起统计。', gone: '原因保留 90 天：本月的已不再保留。',
}
