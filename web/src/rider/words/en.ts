export const en = {
  app: { name: 'Paidan Rider', tagline: 'For riders' },
  login: {
    title: 'Sign in', by: { password: 'With a password', text: 'With a code by text message', code: 'With a code from the dispatcher' },
    sendText: 'Send me a code', digits: 'Code from the text message', digitsHint: 'Six digits, sent to {{phone}}. Good for 5 minutes.', again: 'Another number, or a new code', wrongText: 'This code is wrong or too old. Ask for a new one.', noTexts: 'Your company sends no text messages. Use a password, or a code from your dispatcher.',
    code: 'Code from your dispatcher', codeHint: 'Letters and digits, in groups. It works once.',
    tenant: 'Company', tenantHint: 'Its short name', phone: 'Phone number', password: 'Password', submit: 'Sign in',
    wrong: 'Company, phone number or password is wrong.', wrongCode: 'This code is unknown or was used before. Ask your dispatcher for a new one.',
    tooMany: 'Too many attempts. Wait a minute, then try again.', noNetwork: 'No connection. Check the network and try again.', failed: 'That did not work. Try again in a minute.',
    ended: 'You were signed out. Please sign in again; what was waiting to be sent is kept.',
  },
  link: {
    live: 'Connected', connecting: 'Connecting…', polling: 'Slow connection', offline: 'No network',
    offlineLong: 'Keep going: everything is kept and sent later.', old: 'As of {{time}}.',
  },
  waiting: { short: '{{n}} to send', title: 'Waiting to be sent', none: 'Everything has been sent.', explain: 'Kept on this phone. Sent by itself, once and in order, when there is a network.', positions: 'Your positions are kept and sent later, too.', at: 'done at {{time}}', pictures: 'pictures: {{n}}' },
  tab: { now: 'Now', route: 'Route', earnings: 'Earnings', me: 'Me' },
  shift: {
    off: 'You are offline', offHint: 'Go online to get orders.', goOnline: 'Go online', until: 'Until', hours: '{{n}} h', starting: 'Going online…',
    on: 'You are online', onHint: 'Waiting for an order. Keep this page open.', untilTime: 'until {{time}}', over: 'Your shift is over: no new orders come.', goOffline: 'Go offline', ending: 'Going offline…',
    hasWork: 'You still have stops. Finish them first, or ask your dispatcher to take them over.', notBooked: 'Shifts are booked here, and you have none for now. Look at the shifts above.', notInZone: 'Go to your zone first: a shift begins there.', rest: 'You have worked as long as is allowed. Have a rest first.', breaksUsed: 'You have had all breaks of this shift.', restUntil: 'You have worked as long as is allowed. You may go online again at {{time}}.', bookedOnly: 'Shifts are booked here. Book one to go online.', needsNetwork: 'For this you need a connection. Try again when you have one.', failed: 'That did not work. Try again.', deliveredToday: 'Delivered this shift', since: 'Online since',
  },
  slots: {
    title: 'Book shifts', none: 'No shifts are offered in the next 7 days.', free: 'places left: {{n}}', yours: 'yours', book: 'Book', cancel: 'Give back', full: 'Full', next: 'Your next shift', checkIn: 'Check in', checkInFrom: 'You can check in from {{time}} on.', checkInHint: 'Your shift begins when you check in.',
    refusal: { needsNetwork: 'For this you need a connection.', full: 'Somebody was faster: it is full now.', overlaps: 'You have booked another shift at that time.', closed: 'It is too late for that. Ask your dispatcher.', failed: 'That did not work. Try again.' },
  },
  hours: {
    today: 'Worked today', breakDue: 'Break due', breakLeft: 'Break left', mustEnd: 'Work must end', rest: 'Rest until', by: 'by {{time}}', hm: '{{h}} h {{m}} min', m: '{{m}} min',
    breakNow: 'Take a break', breakLater: 'Break after the last drop', noBreak: 'No break after all', endLater: 'Go offline after the last drop',
    onBreak: 'You are on a break', onBreakHint: 'No orders come until you are back.', since: 'since {{time}}', back: 'I’m back',
    breakAsked: 'Your break begins with the last drop. No new orders come until then.', endAsked: 'You go offline with the last drop. No new orders come.',
  },
  giveBack: {
    button: 'Give it back', title: 'Give the order back', which: 'Which one?', why: 'Why?', send: 'Give back',
    hint: 'It goes to another rider, with whatever belongs to it, and you are not asked for it again. It counts in no rate.',
    reasons: { too_far: 'Too far', long_wait: 'The wait is too long', vehicle: 'Trouble with my vehicle', too_much: 'Too much at once', shift_ending: 'My shift ends', other: 'Something else' },
    refusal: { needsNetwork: 'For this you need a connection.', tooLate: 'It is too late: it was picked up, or is no longer yours.', off: 'Giving back is switched off here. Ask your dispatcher.', failed: 'That did not work. Try again.' },
  },
  devices: {
    title: 'Phones logged in', hint: 'Log out one that you have lost: it is refused at once.', nameless: 'A phone', current: 'this phone', seen: 'last used {{day}}, {{time}}', out: 'Log out', sure: 'Really?', failed: 'The list could not be read. Check your connection.',
  },
  statements: {
    title: 'Statements', week: 'Weeks', month: 'Months', earlier: 'Earlier', later: 'Later', none: 'Nothing was earned on these days.', csv: 'Save as a table (CSV)', failed: 'It could not be read. Check your connection.',
    kind: { delivered: 'Delivered', returned: 'Brought back', adjustment: 'Correction', guarantee: 'Guarantee, topped up' },
    term: { peak: 'Peak bonus', long_distance: 'Long distance', rain: 'Rain' },
  },
  push: {
    title: 'Wake this phone for offers', ask: 'Shall this phone wake you when an offer comes while the app is closed?', yes: 'Wake me', no: 'Not now', on: 'On', off: 'Off',
    denied: 'Notifications are forbidden for this page. Allow them in the browser’s settings.', failed: 'It could not be switched on. Check your connection and try again.', unavailable: 'This browser can’t be woken. On an iPhone, install the app on the home screen first.',
  },
  pool: {
    title: 'Orders to claim', claim: 'Claim', deciding: '{{n}} s', way: '{{away}} to the store, then {{ride}}; done {{time}}', fair: 'Claims are collected for some seconds; the best placed rider gets the order, not the fastest phone.',
    refusal: { needsNetwork: 'For this you need a connection.', taken: 'Somebody else got it.', refused: 'This one is not for you now: too far, too much at once, or gone.' },
  },
  handover: {
    button: 'Hand over to a colleague', title: 'Who can take over?', hint: 'Nothing changes before your colleague says yes. Who brings the order earns it.', hintOnBoard: 'You meet where you are now. Until your colleague has the food, the order is yours. Who brings it earns it.',
    whom: 'Riders nearby', colleague: '{{away}} away, {{vehicle}}, orders: {{n}}', ask: 'Ask', reasons: { vehicle: 'My vehicle has broken down', shift_ending: 'My shift is ending', too_much: 'I have too much', closer: 'My colleague is closer', other: 'Something else' },
    waiting: '{{name}} is being asked: {{n}} s', callOff: 'Call it off', declined: '{{name}} can’t take it. It is still yours.', expired: '{{name}} has not answered. It is still yours.',
    asked: '{{name}} asks you to take over', askedByDispatcher: 'Dispatch asks you to take over from {{name}}', detour: 'Longer way', meetFirst: 'The food is on board: you meet your colleague first.', accept: 'Take over',
    meetToGive: 'A colleague takes over', meetToTake: 'Meet your colleague', giveHint: 'Hand the food to {{name}}, who confirms on the phone. You need do nothing else. You can still bring it yourself: call it off first.', takeHint: 'Take the food from {{name}}, look that it is complete, then confirm.', haveIt: 'I have the food',
    refusal: { needsNetwork: 'This needs a network.', nobody: 'Nobody nearby has room. Ask your dispatcher.', closed: 'This is over: it was called off, or the time was up.', unfit: 'This rider can’t take it now. Ask somebody else.', tooLate: 'These orders can’t be handed over any more.', failed: 'That did not work. Try again.' },
  },
  changes: {
    title: 'Your route has changed', handedOver: 'is with your colleague now.', notHandedOver: 'stays with your colleague.', meet: 'a colleague comes for it. See where you meet.', meetOff: 'your colleague does not come. Bring it yourself.', added: 'new on your route.', cancelled: 'cancelled. If you have it with you, it goes back to the store.', takenAway: 'no longer yours. If you have it with you, it goes back to the store.',
    moved: 'its turn has changed. Look at your route.', address: 'the customer’s address has changed.', returning: 'called back to the store.',
  },
  acceptance: { days: 'Offers accepted, {{n}} days', rate: '{{percent}} % ({{n}} of {{all}})', explain: 'This number changes nothing: dispatch does not know it. An order that you refuse is not offered to you again for {{n}} minutes, that is all.' },
  gps: {
    waiting: 'Looking for your position…', on: 'Position found', denied: 'No permission for your position. Allow it in the browser’s settings for this page, or no orders come.',
    unavailable: 'The phone can’t find its position. Go outside, and check that location is switched on.', off: 'Position is off', trial: 'Trial ride: the position is made up.',
  },
  offer: {
    title: 'New order', titleMany: 'New orders: {{n}}', seconds: 'seconds', accept: 'Accept', decline: 'Decline', pay: 'You earn', payPlus: 'and more', noPay: 'Pay as agreed', toStore: 'to the store', route: 'stops on your route', extra: 'with what you have',
    pickup: 'Pick up', dropoff: 'Bring', readyAt: 'ready {{time}}', by: 'by {{time}}', done: 'Done at about {{time}}', away: '{{distance}} from the store',
    sending: 'Your yes is being sent…', sendingHint: 'It counts once it has arrived.', why: 'Why not?', back: 'Back',
    reasons: { too_far: 'Too far', shift_ending: 'My shift ends', vehicle: 'Trouble with my vehicle', too_much: 'Too much at once', break: 'I need a break', other: 'Something else' },
  },
  step: {
    toStore: 'Go to the store', atStore: 'At the store', toDoor: 'Go to the customer', atDoor: 'At the door', back: 'Bring it back to the store',
    arrived: 'I’m here', arrivedYes: 'Yes, I’m here', seems: 'Are you here? It seems so since {{time}}.', pickedUp: 'Picked up', pickedUpMany: 'Picked up: {{n}} of {{all}}', deliver: 'Delivered', returned: 'Given back',
    navigate: 'Navigate', call: 'Call', callLost: 'No line. Try again', fail: 'Can’t deliver', by: 'by {{time}}', late: '{{n}} min late', arrive: 'Arrive {{time}}', ready: 'Ready', readyAt: 'Ready at {{time}}',
    orders: 'Orders', order: 'Order {{id}}', items: 'Items', tick: 'Untick what you could not get.', next: 'Then', leaveAtDoor: 'Leave it at the door', floor: 'Floor {{v}}', unit: 'Unit {{v}}', gate: 'Gate code {{v}}', notSent: 'waiting to be sent', lacking: 'Still missing: {{what}}',
  },
  proof: {
    title: 'To deliver it', photo: 'Photo', takePhoto: 'Take a photo', morePhoto: 'One more photo', remove: 'Remove', photoOf: 'Photo {{n}}', photoFailed: 'This picture can’t be read. Take another one.',
    signature: 'Signature', sign: 'Let the customer sign here', clear: 'Clear', signedBy: 'Name of who signed', pin: 'PIN from the customer', barcode: 'Barcode on the parcel', age: 'I have seen a document: {{n}} years or older', cash: 'I have received {{amount}}', collect: 'Collect {{amount}}',
  },
  lack: { cash: 'payment', age: 'age', pin: 'PIN', barcode: 'barcode', photo: 'photo', signature: 'signature' },
  fail: {
    title: 'Why can’t it be delivered?', hint: 'The food then goes back to the store.', note: 'Anything else (optional)', confirm: 'Take it back to the store', cancel: 'Back',
    reasons: { customer_absent: 'Nobody there', wrong_address: 'Wrong address', refused: 'Customer refuses it', damaged: 'Damaged or spilled', unsafe: 'Not safe here', other: 'Something else' },
  },
  route: { title: 'Your route', empty: 'No stops. When you accept an order, its stops are here.', map: 'Map of your route', you: 'You', pickup: 'Pick up', dropoff: 'Deliver', back: 'Bring back', give: 'Hand over to a colleague', take: 'Take over from a colleague', mapFailed: 'The map can’t be shown. The list below is complete.', mapLoading: 'Loading the map…' },
  earnings: { title: 'Today', none: 'Nothing yet today.', orders: 'Orders: {{n}}', hint: 'What the company’s books say. It may lag by a minute.', old: 'No connection. This is what was last known.', refresh: 'Read again' },
  me: {
    title: 'Me', language: 'Language', theme: 'Look', light: 'Light', dark: 'Dark', auto: 'Auto', navigation: 'Navigate with', navGeo: 'Phone default', navGoogle: 'Google Maps', navAmap: 'Amap', vehicle: 'Vehicle', phone: 'Phone', company: 'Company',
    signOut: 'Sign out', signOutAsk: 'Some of what you did has not been sent. It stays on this phone until you sign in here again. Sign out now?', signOutShift: 'You are still online. Go offline first.', stay: 'Stay', newer: 'A new version is ready', update: 'Update now', install: 'Install as an app',
  },
  vehicle: { walking: 'On foot', bicycle: 'Bicycle', ebike: 'E-bike', motorcycle: 'Motorcycle', car: 'Car' },
  done: { 'accept': 'Accepted', 'decline': 'Declined', 'take-over': 'Taken over', 'arrive-store': 'Arrived at the store', 'pickup': 'Picked up', 'arrive-door': 'Arrived at the door', 'deliver': 'Delivered', 'fail': 'Could not deliver', 'return': 'Given back', 'report': 'Problem reported' },
  problem: {
    button: 'Problem', title: 'Report a problem', send: 'Report it', sent: 'Your dispatchers see it now.', unsent: 'It is kept, and sent as soon as there is a connection.',
    kinds: { accident: 'Accident', vehicle_broken: 'My vehicle is broken', customer_absent: 'Nobody there', wrong_address: 'The address is wrong', damaged: 'Damaged or spilled', store_closed: 'The store is closed', long_wait: 'The wait is too long', other: 'Something else' },
    flow: {
      stops: 'What you have not picked up goes to others, and no new orders come. A dispatcher sees to what you have with you.', returns: 'The order goes back to the store.',
      told: 'A dispatcher or the store decides. Until then the order stays yours.',
    },
  },
  alarm: {
    title: 'Safety alarm', hold: 'Hold for help', holding: 'Keep holding…', what: 'Hold for 1.5 seconds. All dispatchers see your name, your phone number and where you are.',
    noAmbulance: 'The alarm calls no ambulance and no police. Call them yourself.', back: 'Back', done: 'Close',
    call: { all: 'Call {{number}}', ambulance: 'Ambulance {{number}}', police: 'Police {{number}}' },
    stage: { unsent: 'Not sent yet', sent: 'Alarm sent', seen: 'A dispatcher has seen it' },
    stageHint: { unsent: 'Raised at {{time}}. It is sent again every few seconds until it gets through.', sent: 'Raised at {{time}}. Waiting for a dispatcher to see it.', seen: 'Seen at {{time}}. Stay where you are safe, and keep your phone at hand.' },
    strip: { unsent: 'Alarm: not sent yet', sent: 'Alarm sent: waiting for a dispatcher', seen: 'Alarm: a dispatcher has seen it' },
  },
  notice: {
    ok: 'Understood',
    handoverClosed: 'The handover was called off before. If you have the food, call your dispatcher.',
    offerGone: 'This order is gone: it was withdrawn, or the time was over.',
    cancelled: 'This order was cancelled meanwhile. If you have the food with you, call your dispatcher.',
    reassigned: 'This order is no longer yours: somebody else has it now.',
    ended: 'This order has ended already: {{state}}.',
    impossible: 'This does not fit any more: the order is now “{{state}}”.',
    pin: 'That was not the right proof. Ask the customer again and enter it once more.',
    tooOld: 'This was done more than a day ago, and the server takes it no more. Tell your dispatcher.',
    missing: 'The server still misses something for this delivery. Look at the step again.',
    other: 'The server did not take this. {{detail}}',
    server: 'The server failed several times. Tell your dispatcher what you did.',
  },
  state: { scheduled: 'scheduled', pending: 'without a rider', offered: 'offered', assigned: 'assigned', at_store: 'at the store', picked_up: 'picked up', at_door: 'at the door', delivered: 'delivered', returning: 'on its way back', returned: 'back at the store', cancelled: 'cancelled' },
}

export type Words = typeof en
