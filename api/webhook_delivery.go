package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/webhook"
)

type deliveriesQuery struct {
	ByEndpoint
	Page
	State webhook.DeliveryState `query:"state" enum:"pending,delivered,failed"`
}

func (s *Server) listDeliveries(ctx context.Context, in *deliveriesQuery) (*list[WebhookDelivery], error) {
	who := merchantOf(ctx)
	f := webhook.LogFilter{State: in.State, Limit: in.Limit + 1}
	var err error
	if f.After, err = after[webhook.LogPlace](in.Page); err != nil {
		return nil, err
	}
	var data []WebhookDelivery
	var next string
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		if _, err := webhook.Get(ctx, tx, who.Tenant, who.Merchant, in.ID); err != nil {
			return err
		}
		found, err := webhook.Log(ctx, tx, who.Tenant, in.ID, f)
		if err != nil {
			return err
		}
		found, next = cut(found, in.Limit, webhook.Delivery.Place)
		data, err = shownDeliveries(ctx, tx, who.Tenant, in.ID, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, next), nil
}

// shownDeliveries adds to deliveries what was, or will be, sent.
func shownDeliveries(ctx context.Context, tx pgx.Tx, tenant id.Tenant, endpoint id.Endpoint, ds []webhook.Delivery) ([]WebhookDelivery, error) {
	events, err := webhook.EventsOf(ctx, tx, tenant, ds)
	if err != nil {
		return nil, err
	}
	out := make([]WebhookDelivery, len(ds))
	for i, d := range ds {
		var event *order.FeedEvent
		if e, ok := events[d.Event]; ok {
			event = &e
		}
		if out[i], err = deliveryOf(endpoint, d, event); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// actOnDelivery does something that ends in one delivery, and has it sent.
func (s *Server) actOnDelivery(ctx context.Context, endpoint id.Endpoint, do func(tx pgx.Tx, who merchant) (webhook.Delivery, error)) (*out[WebhookDelivery], error) {
	who := merchantOf(ctx)
	var shown []WebhookDelivery
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		d, err := do(tx, who)
		if err != nil {
			return err
		}
		shown, err = shownDeliveries(ctx, tx, who.Tenant, endpoint, []webhook.Delivery{d})
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tellWebhooks(ctx, who.Tenant, endpoint)
	return answer(shown[0]), nil
}

func (s *Server) testEndpoint(ctx context.Context, in *ByEndpoint) (*out[WebhookDelivery], error) {
	return s.actOnDelivery(ctx, in.ID, func(tx pgx.Tx, who merchant) (webhook.Delivery, error) {
		return webhook.Test(ctx, tx, who.Tenant, who.Merchant, in.ID, s.clock.Now())
	})
}

func (s *Server) replayDelivery(ctx context.Context, in *ByDelivery) (*out[WebhookDelivery], error) {
	return s.actOnDelivery(ctx, in.ID, func(tx pgx.Tx, who merchant) (webhook.Delivery, error) {
		return webhook.Replay(ctx, tx, who.Tenant, who.Merchant, in.ID, in.Event, s.clock.Now())
	})
}

func (s *Server) getDelivery(ctx context.Context, in *ByDelivery) (*out[WebhookDelivery], error) {
	who := merchantOf(ctx)
	var shown []WebhookDelivery
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		if _, err := webhook.Get(ctx, tx, who.Tenant, who.Merchant, in.ID); err != nil {
			return err
		}
		d, err := webhook.GetDelivery(ctx, tx, who.Tenant, in.ID, in.Event)
		if err != nil {
			return err
		}
		shown, err = shownDeliveries(ctx, tx, who.Tenant, in.ID, []webhook.Delivery{d})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(shown[0]), nil
}

type replayInput struct {
	ByEndpoint
	Body struct {
		From   time.Time               `json:"from" doc:"Events at or after."`
		To     time.Time               `json:"to" doc:"Events before."`
		States []webhook.DeliveryState `json:"states,omitempty" maxItems:"3" enum:"pending,delivered,failed" doc:"Of the deliveries to send again; left out: failed."`
	}
}

// Replayed is what a range of time was replayed to.
type Replayed struct {
	Replayed int        `json:"replayed" doc:"How many deliveries will be made again."`
	NextFrom *time.Time `json:"next_from" doc:"There were more than 10,000: send this as from to go on."`
}

func (s *Server) replayRange(ctx context.Context, in *replayInput) (*out[Replayed], error) {
	who, b := merchantOf(ctx), in.Body
	if !b.From.Before(b.To) {
		return nil, invalid(FieldFault{"to", "must be later than from", b.To.Format(time.RFC3339)})
	}
	if len(b.States) == 0 {
		b.States = []webhook.DeliveryState{webhook.Failed}
	}
	var r Replayed
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		n, next, err := webhook.ReplayRange(ctx, tx, who.Tenant, who.Merchant, in.ID, b.States, b.From.UTC(), b.To.UTC(), s.clock.Now())
		r.Replayed = n
		if !next.IsZero() {
			r.NextFrom = &next
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tellWebhooks(ctx, who.Tenant, in.ID)
	return answer(r), nil
}
