package rider

import (
	"time"

	"github.com/paidan/paidan/internal/id"
)

// NoticeKind is what a rider should look at the phone for.
type NoticeKind string

// The kinds of notice.
const (
	NoticeOffer NoticeKind = "offer" // to be answered
	NoticePlan  NoticeKind = "plan"  // somebody else has changed what is to be done
	NoticeAlarm NoticeKind = "alarm" // somebody takes care of the rider's alarm

	NoticeHandover        NoticeKind = "handover"         // a colleague's orders, to be answered
	NoticeHandoverRefused NoticeKind = "handover_refused" // the colleague can't, or has not answered in time
	NoticeHandoverAsked   NoticeKind = "handover_asked"   // a dispatcher asks a colleague to take the rider's orders over

	NoticeShift     NoticeKind = "shift"      // a booked shift begins soon
	NoticeShiftLate NoticeKind = "shift_late" // it has begun, and the rider has not come

	NoticeBreakOver NoticeKind = "break_over" // it has lasted as long as the zone allows
)

// Notice is a word to a rider who may not be looking at the phone.
type Notice struct {
	Rider     id.Rider
	Kind      NoticeKind
	Offer     id.Offer    // of an offer
	Handover  id.Handover // to be answered, or asked about the rider's orders
	Booking   id.Booking  // of a booked shift
	ExpiresAt time.Time   // of no use from then on
}
