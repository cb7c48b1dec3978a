package client

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// HandoverPreview is what handing orders over would mean, before anybody is asked.
type HandoverPreview struct {
	Giver   HandoverRider    `json:"giver"`
	Orders  []PreviewedOrder `json:"orders"` // those asked for, and what else of their jobs the giver has
	OnBoard bool             `json:"on_board"`
	Meet    *HandoverMeet    `json:"meet"`   // nil: the taker goes to the store
	Takers  []Taker          `json:"takers"` // the best first
}

// PreviewedOrder is an order, and when it is expected with the rider who has it.
type PreviewedOrder struct {
	ID        string     `json:"id"`
	ETAAt     *time.Time `json:"eta_at"`
	PromiseAt time.Time  `json:"promise_at"`
}

// Taker is a rider who could take orders over, and what would follow.
type Taker struct {
	RiderID   string    `json:"rider_id"`
	Name      string    `json:"name"`
	DistanceM int       `json:"distance_m"` // to where the orders would be taken, as the crow flies
	Orders    int       `json:"orders"`     // that the rider has already
	Cost      float64   `json:"cost"`       // minutes, as the engine counts them
	TakeAt    time.Time `json:"take_at"`
	Doors     []struct {
		OrderID string    `json:"order_id"`
		At      time.Time `json:"at"`
	} `json:"doors"`
	DelayS int `json:"delay_s"` // of the rider's own customer who would wait longer the most
}

// PreviewHandover tells who could take orders over from the rider who has them. CodeNoHandover where they can't go.
func (s *Staff) PreviewHandover(ctx context.Context, orders ...string) (HandoverPreview, error) {
	var out HandoverPreview
	err := s.get(ctx, "handovers/preview?order_ids="+url.QueryEscape(strings.Join(orders, ",")), &out)
	return out, err
}

// HandOver asks a rider to take another's orders over. action is made by the caller and kept over retries: the same act twice is one.
func (s *Staff) HandOver(ctx context.Context, action, to string, orders []string, reason string) (Handover, error) {
	var out Handover
	err := s.c.do(ctx, call{name: "POST /v1/console/handovers", method: http.MethodPost, path: "/v1/console/handovers", repeatable: true, auth: s, out: &out,
		body: map[string]any{"action_id": action, "to": to, "order_ids": orders, "reason": reason}})
	return out, err
}

// CancelHandover calls one off.
func (s *Staff) CancelHandover(ctx context.Context, handover, reason string) (Handover, error) {
	var out Handover
	err := s.post(ctx, "handovers/{id}/cancel", "handovers/"+url.PathEscape(handover)+"/cancel", map[string]string{"reason": reason}, &out)
	return out, err
}
