package client

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// How a handover stands. HandoverOpen waits for the taker's answer, HandoverAccepted for the two to meet; all others are final.
const (
	HandoverOpen      = "open"
	HandoverAccepted  = "accepted"
	HandoverDone      = "done"
	HandoverDeclined  = "declined"
	HandoverExpired   = "expired"
	HandoverCancelled = "cancelled"
	HandoverOvertaken = "overtaken"
)

// Handover is orders that one rider gives to another, who agrees.
type Handover struct {
	ID        string        `json:"id"`
	State     string        `json:"state"`
	Mine      bool          `json:"mine"` // the rider gives; else a colleague does
	Giver     HandoverRider `json:"giver"`
	Taker     HandoverRider `json:"taker"`
	OrderIDs  []string      `json:"order_ids"` // that wait to change hands; of one that has ended, that it was about
	Reason    string        `json:"reason"`
	Meet      *HandoverMeet `json:"meet"` // nil: they need not meet, or have not agreed yet
	Stops     []Stop        `json:"stops"`
	DetourM   *int          `json:"detour_m"`
	MadeAt    time.Time     `json:"made_at"`
	ExpiresAt time.Time     `json:"expires_at"`
	EndReason string        `json:"end_reason"`
}

// HandoverRider is one of the two. Phone is there while they are to meet.
type HandoverRider struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

// HandoverMeet is where orders on board change hands, when the giver is expected there, and until when they have to have met (nil: whenever they do).
type HandoverMeet struct {
	Location LatLng     `json:"location"`
	At       time.Time  `json:"at"`
	By       *time.Time `json:"by"`
}

// Colleague is a rider nearby who could take orders over.
type Colleague struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Vehicle   string `json:"vehicle"`
	DistanceM int    `json:"distance_m"` // as the crow flies
	Orders    int    `json:"orders"`     // that the colleague has already
}

// Colleagues lists who nearby could take some of the rider's orders over, the nearest first.
func (r *Rider) Colleagues(ctx context.Context, orders ...string) ([]Colleague, error) {
	var out page[Colleague]
	err := r.do(ctx, http.MethodGet, "colleagues", "colleagues?order_ids="+url.QueryEscape(strings.Join(orders, ",")), nil, &out)
	return out.Data, err
}

// Handovers are those that the rider gives or is asked for, and what became of those of the last ten minutes; the newest first.
func (r *Rider) Handovers(ctx context.Context) ([]Handover, error) {
	var out page[Handover]
	err := r.do(ctx, http.MethodGet, "handovers", "handovers", nil, &out)
	return out.Data, err
}

// HandOver asks a colleague to take orders over: all of them on board, or none. meet says where to meet, of what is on board; nil: where the
// rider is. CodeNoHandover where they can't go so, CodeUnassignable where the colleague can't take them.
func (r *Rider) HandOver(ctx context.Context, to string, orders []string, meet *LatLng, a Action) (Handover, error) {
	var out Handover
	err := r.do(ctx, http.MethodPost, "handovers", "handovers", struct {
		Action
		To       string   `json:"to"`
		OrderIDs []string `json:"order_ids"`
		Meet     *LatLng  `json:"meet,omitempty"`
	}{a, to, orders, meet}, &out)
	return out, err
}

// AcceptHandover takes a colleague's orders over, and answers with the plan that follows: with the orders, or with the way to the colleague.
func (r *Rider) AcceptHandover(ctx context.Context, handover string, a Action) (Plan, error) {
	return r.answerHandover(ctx, handover, "accept", a)
}

// TakeOver says that the orders of an accepted handover are on board: from then on they are the rider's.
func (r *Rider) TakeOver(ctx context.Context, handover string, a Action) (Plan, error) {
	return r.answerHandover(ctx, handover, "take-over", a)
}

func (r *Rider) answerHandover(ctx context.Context, handover, how string, a Action) (Plan, error) {
	var out Plan
	err := r.do(ctx, http.MethodPost, "handovers/{id}/"+how, "handovers/"+url.PathEscape(handover)+"/"+how, a, &out)
	return out, err
}

// DeclineHandover leaves the orders with the colleague.
func (r *Rider) DeclineHandover(ctx context.Context, handover string, a Action) error {
	return r.do(ctx, http.MethodPost, "handovers/{id}/decline", "handovers/"+url.PathEscape(handover)+"/decline", a, nil)
}

// SeenHandover says that what a colleague asks is on the rider's screen.
func (r *Rider) SeenHandover(ctx context.Context, handover string, a Action) error {
	return r.do(ctx, http.MethodPost, "handovers/{id}/seen", "handovers/"+url.PathEscape(handover)+"/seen", a, nil)
}

// CancelHandover calls off what the rider has asked, or has agreed to.
func (r *Rider) CancelHandover(ctx context.Context, handover string, a Action) (Handover, error) {
	var out Handover
	err := r.do(ctx, http.MethodPost, "handovers/{id}/cancel", "handovers/"+url.PathEscape(handover)+"/cancel", a, &out)
	return out, err
}
