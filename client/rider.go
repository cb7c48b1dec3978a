package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Me is who the rider is and whether on shift.
func (r *Rider) Me(ctx context.Context) (Me, error) {
	var out Me
	err := r.do(ctx, http.MethodGet, "me", "me", nil, &out)
	return out, err
}

// StartShift begins work until endsAt. Starting twice answers with the shift that is open.
func (r *Rider) StartShift(ctx context.Context, endsAt time.Time, at *LatLng) (Shift, error) {
	var out Shift
	err := r.do(ctx, http.MethodPost, "shift/start", "shift/start", struct {
		EndsAt   time.Time `json:"ends_at"`
		Location *LatLng   `json:"location,omitempty"`
	}{endsAt, at}, &out)
	return out, err
}

// EndShift ends work; CodeHasWork when the plan still has stops.
func (r *Rider) EndShift(ctx context.Context) (Shift, error) {
	var out Shift
	err := r.do(ctx, http.MethodPost, "shift/end", "shift/end", struct{}{}, &out)
	return out, err
}

// EndShiftAfterLastDrop ends work now or, while stops remain, with the last of them; no new orders come until then.
func (r *Rider) EndShiftAfterLastDrop(ctx context.Context) (Shift, error) {
	var out Shift
	err := r.do(ctx, http.MethodPost, "shift/end", "shift/end", afterLastDrop, &out)
	return out, err
}

// StartBreak begins a break now or, while stops remain, with the last of them; no new orders come until it ends. CodeBreaksUsed when the shift's are
// used up.
func (r *Rider) StartBreak(ctx context.Context) (Shift, error) {
	var out Shift
	err := r.do(ctx, http.MethodPost, "break/start", "break/start", afterLastDrop, &out)
	return out, err
}

// EndBreak ends the break, or takes back that one was asked for.
func (r *Rider) EndBreak(ctx context.Context) (Shift, error) {
	var out Shift
	err := r.do(ctx, http.MethodPost, "break/end", "break/end", struct{}{}, &out)
	return out, err
}

// afterLastDrop says that something may wait for it.
var afterLastDrop = struct {
	AfterLastDrop bool `json:"after_last_drop"`
}{true}

// Plan is the rider's current one.
func (r *Rider) Plan(ctx context.Context) (Plan, error) {
	var out Plan
	err := r.do(ctx, http.MethodGet, "plan", "plan", nil, &out)
	return out, err
}

// PlanSince is the rider's current plan, with what others have changed in it since a version that the rider has seen.
func (r *Rider) PlanSince(ctx context.Context, version int64) (Plan, error) {
	var out Plan
	err := r.do(ctx, http.MethodGet, "plan", "plan?since="+strconv.FormatInt(version, 10), nil, &out)
	return out, err
}

// Offers are those to the rider.
func (r *Rider) Offers(ctx context.Context) ([]Offer, error) {
	var out page[Offer]
	err := r.do(ctx, http.MethodGet, "offers", "offers", nil, &out)
	return out.Data, err
}

// OfferStatistics tells how the rider has answered offers, and what follows from it.
func (r *Rider) OfferStatistics(ctx context.Context) (OfferStatistics, error) {
	var out OfferStatistics
	err := r.do(ctx, http.MethodGet, "offers/statistics", "offers/statistics", nil, &out)
	return out, err
}

// Accept takes an offer and answers with the plan that follows.
func (r *Rider) Accept(ctx context.Context, offer string, a Action) (Plan, error) {
	var out Plan
	err := r.do(ctx, http.MethodPost, "offers/{id}/accept", "offers/"+url.PathEscape(offer)+"/accept", a, &out)
	return out, err
}

// Decline leaves an offer to others.
func (r *Rider) Decline(ctx context.Context, offer string, a Action) error {
	return r.do(ctx, http.MethodPost, "offers/{id}/decline", "offers/"+url.PathEscape(offer)+"/decline", a, nil)
}

// Seen says that the offer is on the rider's screen.
func (r *Rider) Seen(ctx context.Context, offer string, a Action) error {
	return r.do(ctx, http.MethodPost, "offers/{id}/seen", "offers/"+url.PathEscape(offer)+"/seen", a, nil)
}

// Pool lists what the rider may claim, the nearest first.
func (r *Rider) Pool(ctx context.Context) ([]Lot, error) {
	var out page[Lot]
	err := r.do(ctx, http.MethodGet, "pool", "pool", nil, &out)
	return out.Data, err
}

// Claim asks for a pooled order, and answers with how the claim stands and the plan as it is now. CodeOrderTaken where another rider has it.
func (r *Rider) Claim(ctx context.Context, order string, a Action) (Claim, Plan, error) {
	var out struct {
		Claim Claim `json:"claim"`
		Plan  Plan  `json:"plan"`
	}
	err := r.do(ctx, http.MethodPost, "pool/{id}/claim", "pool/"+url.PathEscape(order)+"/claim", a, &out)
	return out.Claim, out.Plan, err
}

// GiveBack puts an order that is not picked up back into the queue, and answers with the plan that remains. CodeGivingBackOff where the zone's
// policy does not allow it.
func (r *Rider) GiveBack(ctx context.Context, order string, a Action) (Plan, error) {
	var out Plan
	err := r.do(ctx, http.MethodPost, "orders/{id}/give-back", "orders/"+url.PathEscape(order)+"/give-back", a, &out)
	return out, err
}

// The steps of a rider with an order.
const (
	ArriveStore = "arrive-store"
	PickUp      = "pickup"
	ArriveDoor  = "arrive-door"
	Deliver     = "deliver"
	Fail        = "fail"
	Return      = "return"
)

// Step reports a step with an order.
func (r *Rider) Step(ctx context.Context, order, step string, a Action) error {
	return r.do(ctx, http.MethodPost, "orders/{id}/"+step, "orders/"+url.PathEscape(order)+"/"+step, a, nil)
}

// The kinds of picture that prove a delivery.
const (
	Photo     = "photo"
	Signature = "signature"
)

// Upload sends a picture (JPEG, PNG or WebP, up to 5 MB) of an order and answers its id, to be named in the proof of a step.
// The same picture twice is one.
func (r *Rider) Upload(ctx context.Context, order, kind, mediaType string, content []byte) (id string, err error) {
	var out struct {
		ID string `json:"id"`
	}
	err = r.c.do(ctx, call{name: "POST /v1/rider/orders/{id}/proofs", method: http.MethodPost,
		path: "/v1/rider/orders/" + url.PathEscape(order) + "/proofs?kind=" + url.QueryEscape(kind),
		raw:  content, mediaType: mediaType, repeatable: true, auth: r, out: &out})
	return out.ID, err
}

// Call is a number that reaches the customer of one of the rider's orders, until a time.
func (r *Rider) Call(ctx context.Context, order string) (number string, until time.Time, err error) {
	var out struct {
		Number string    `json:"number"`
		Until  time.Time `json:"until"`
	}
	err = r.do(ctx, http.MethodPost, "orders/{id}/call", "orders/"+url.PathEscape(order)+"/call", nil, &out)
	return out.Number, out.Until, err
}

// Positions reports a batch of fixes, at most 500. Sending a fix twice is noticed by its Seq.
func (r *Rider) Positions(ctx context.Context, fixes []Fix) error {
	raw, gzipped := encodeFixes(fixes)
	return r.c.do(ctx, call{name: "POST /v1/rider/positions", method: http.MethodPost, path: "/v1/rider/positions",
		raw: raw, gzipped: gzipped, repeatable: true, auth: r})
}

// do makes a call as this rider. All of them may be sent twice.
func (r *Rider) do(ctx context.Context, method, name, path string, body, out any) error {
	return r.c.do(ctx, call{name: method + " /v1/rider/" + name, method: method, path: "/v1/rider/" + path,
		body: body, repeatable: true, auth: r, out: out})
}
