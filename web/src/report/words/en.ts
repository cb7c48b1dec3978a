// The words of the monthly report, which riders and staff read alike.
export const en = {
  title: 'How decisions were made', earlier: 'The month before', later: 'The month after',
  earned: 'Earned, by the ledger',
  offers: {
    title: 'What you were asked', none: 'No offers in this month.', accepted: 'Accepted', declined: 'Declined', expired: 'Not answered in time', withdrawn: 'Taken back before you answered',
    why: 'Why declined', noReason: 'no reason given', reasons: { too_far: 'too far', shift_ending: 'shift ends', vehicle: 'trouble with the vehicle', too_much: 'too much at once', break: 'needed a break', too_heavy: 'too heavy', busy: 'busy', other: 'something else' },
  },
  chosen: { title: 'Orders that came to you', none: 'None in this month.', offered: 'Offered to you', assigned: 'Given to you without asking', claimed: 'Claimed by you from the pool' },
  claims: {
    title: 'Your claims from the pool', open: 'Not decided yet', won: 'Won', lost: 'Lost', why: '{{state}}: {{reason}}',
    reasons: {
      first: 'first to claim', only: 'the only claim', best: 'best placed', longest_idle: 'longest without work', taken: 'another rider got it', gone: 'cancelled, or given away by hand', too_far: 'too far from the store', stale: 'no fresh position', offer_open: 'another offer was open',
    },
  },
  others: {
    title: 'Orders that went to others', lead: 'You were among the best riders for {{n}} orders that another rider got.', none: 'No order went to another rider while you were among the best.',
    terms: 'What spoke most for the other rider', able: 'What kept you from it',
    term: {
      click_to_door: 'the customer got it sooner', late: 'it was less late', work: 'a shorter way', pay: 'pay within the guarantee', others: 'your other customers would have waited', position: 'where the ride would have ended',
      idle: 'fairness: longer without work', earned: 'fairness: had earned less', plan: 'you were as good: all orders together came out better so',
    },
    reason: {
      capacity: 'no room for one more', skill: 'a skill or vehicle was lacking', vehicle: 'another vehicle was needed', refused: 'you had just turned it down', shift_end: 'your shift would have ended before', shift_ending: 'your shift was about to end',
      on_break: 'you were on a break, or about to be', break_due: 'a break was due', work_limit: 'the working time allowed was over', disabled: 'the account was disabled', detour: 'orders on board would have waited too long', together: 'not all orders of the job fitted',
      not_worth: 'waiting cost less than the way', no_time: 'not looked at in that round', fixed: 'it had to stay with another rider', stale: 'no fresh position', too_far: 'too far from the store', no_rider: 'not on shift', too_long: 'it would have taken too long', offer_open: 'another offer was open',
    },
  },
  fairness: { title: 'What fairness changed', gained: 'Orders that came to you for it', lost: 'Orders that went to others for it', off: 'Your zone does not weigh it.' },
  rules: {
    title: 'The rules of your zone now', mode: 'How orders come', modes: { offer: 'you are asked', force: 'you are told', pool: 'you claim them' }, answer: 'Time to answer an offer', orders: 'Orders at once, at most', refusal: 'After a refusal, not asked for that order again for',
    day: 'Work in a day, at most', stretch: 'Work without a break, at most', breaks: 'Breaks in a shift, at most', rest: 'Rest within 24 hours, at least', idle: 'Weight of time without work', earnings: 'Weight of earnings', none: 'no limit',
    weighs: '{{n}} min each minute', weighsEarned: 'up to {{n}} min', s: '{{n}} s', min: '{{n}} min', h: '{{n}} h', hm: '{{h}} h {{m}} min',
  },
  how: 'How it is done',
  ask: { title: 'You don’t agree?', text: 'A person can look at each decision and change it. Ask your dispatcher, and name the order or the day: who got it and why is kept for 90 days.' },
  since: 'Reasons are kept for 90 days. They are counted from {{day}} on.', gone: 'Reasons are kept for 90 days: those of this month are no longer there.',
}

export type ReportWords = typeof en
