// The words of the pages beside the live screen. They travel with those pages, not with the first visit.
export const en = {
  pages: { live: 'Dispatch', shifts: 'Shifts', money: 'Settlements', title: 'Pages' },
  keys: { move: 'move', open: 'open', close: 'close', week: 'week', make: 'new' },
  failed: 'It could not be loaded.', again: 'Try again', more: 'Show more', save: 'Save', back: 'Back', none: '–',
  refusal: {
    slot_full: 'All places of this shift are taken.', slot_overlaps: 'The rider has booked another shift at that time.', slot_closed: 'It is too late for that: the shift has begun, or the rider has come.',
    slot_unavailable: 'This shift is not offered to this rider.', not_found: 'It no longer exists.', forbidden: 'Your role does not allow it.', network: 'The server can’t be reached.', validation: 'Look at the fields marked.',
    client_id_used: 'It was sent before with another content. Look at the ledger.',
  },
  shifts: {
    title: 'Shifts of the week', earlier: 'The week before', later: 'The week after', thisWeek: 'This week', none: 'No shifts are offered in this week.', noneHint: 'Make a template: it offers the same shift on each day that you choose.',
    places: '{{n}} of {{places}}', full: 'full', open: 'places left: {{n}}', missing: 'not come: {{n}}', pick: 'Select a shift to see who has booked it.', booked: 'Booked', nobody: 'Nobody has booked it.',
    by: 'booked {{at}}', byStaff: 'booked by staff, {{at}}', remove: 'Take out', sure: 'Take {{name}} out of this shift?', sureHint: 'The place is free again. The rider is not told by itself: call.', add: 'Book for a rider', book: 'Book', rider: 'Rider', search: 'Name or phone',
    state: { booked: 'booked', kept: 'has come', no_show: 'has not come', cancelled: 'cancelled' },
    readOnly: 'Your role may look, not book.',
  },
  template: {
    title: 'Shift templates', add: 'New template', edit: 'Change', name: 'Name', nameHint: 'As riders see it, such as Dinner', weekdays: 'Days', from: 'From', to: 'To', toHint: 'Not after the beginning: of the next day', places: 'Places', vehicles: 'Vehicles', anyVehicle: 'Any',
    firstDay: 'First day', lastDay: 'Last day', forever: 'until further notice', lastDayHint: 'Empty: until further notice', ended: 'ended', until: 'until {{day}}', starts: 'from {{day}} on', fixed: 'Days and times stay as they are, for those who have booked. To change them, end this template and make another.',
    fewer: 'Fewer than are booked: nobody loses a place, and nobody gets one.', none: 'There are no templates in this zone.', adminOnly: 'Administrators make and change templates.', saved: 'Saved', wrongDays: 'Choose at least one day.', wrongTime: 'A time such as 18:30.', wrongPlaces: 'From 1 to 10,000.', wrongLast: 'Not before the first day.',
  },
  weekday: { mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' },
  report: { print: 'Print', hint: 'A month as {{name}} reads it in the riders’ app: “you” is the rider.' },
  money: {
    title: 'Settlements', hint: 'A day is closed ten to forty minutes after it is over: one settlement for each merchant and rider. What comes later is on the next day’s.',
    from: 'From', to: 'To', account: 'Whose', all: 'All', merchant: 'Merchants', rider: 'Riders', find: 'Name', day: 'Day', name: 'Name', kind: 'Account', lines: 'Lines', total: 'Amount', owes: 'owes', isOwed: 'is owed',
    none: 'No settlement fits.', pick: 'Select a settlement to see its lines.', csv: 'CSV', closed: 'closed {{at}}', sums: 'Shown', merchantsOwe: 'merchants owe', ridersGet: 'riders get',
    merchantOne: 'Merchant', riderOne: 'Rider', loadMore: 'There are more: narrow the days, or show more.',
    adjust: 'Adjust', adjustTitle: 'Adjust the account of {{name}}', adjustHint: 'Nothing written is ever changed: an adjustment is a line of its own, on the next day that is closed.', amount: 'Amount', amountHintMerchant: 'Above zero: owes more; below: owes less', amountHintRider: 'Above zero: is owed more; below: is owed less',
    reason: 'Reason', reasonHint: 'It is on the settlement, for its reader too', order: 'About order', orderHint: 'If it is about one: its id (ord_…)', wrongAmount: 'An amount other than zero, such as 12.50 or −3.', wrongReason: 'Say why.', wrongOrder: 'An order’s id looks like ord_01h….',
    done: 'Adjusted: {{name}}, {{amount}}', financeOnly: 'Administrators and finance may adjust.', write: 'Write it',
    line: { delivered: 'Delivered', returned: 'Brought back', cancelled: 'Cancelled', adjustment: 'Adjustment', guarantee: 'Guarantee' },
    term: { peak: 'peak bonus', long_distance: 'long distance', rain: 'rain' },
  },
}

export type OfficeWords = typeof en
