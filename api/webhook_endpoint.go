package api

import (
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/webhook"
)

// checkEndpoint finds what the schema can't say.
func (s *Server) checkEndpoint(url *string, types []string) error {
	var faults []FieldFault
	if url != nil {
		if err := s.conf.Webhooks.Check(*url); err != nil {
			faults = append(faults, FieldFault{"url", err.Error(), nil}) // not echoed: it may hold a password
		}
	}
	known := webhook.TypesKnown()
	for i, t := range types {
		if !slices.Contains(known, t) {
			faults = append(faults, FieldFault{index("event_types", i), "must be one of " + strings.Join(known, ", "), echo("event_types", t)})
		}
	}
	if len(faults) > 0 {
		return invalid(faults...)
	}
	return nil
}

// tellWebhooks has an endpoint looked at. A lost word costs a second.
func (s *Server) tellWebhooks(ctx context.Context, tenant id.Tenant, endpoint id.Endpoint) {
	if err := s.bus.Publish(bus.WebhookSubject(tenant, endpoint), nil); err != nil {
		s.log.WarnContext(ctx, "bus publish failed", "subject", bus.Webhooks, "err", err)
	}
}

func (s *Server) createEndpoint(ctx context.Context, in *struct{ Body NewWebhookEndpoint }) (*out[CreatedWebhookEndpoint], error) {
	who, n := merchantOf(ctx), in.Body
	if err := s.checkEndpoint(&n.URL, n.EventTypes); err != nil {
		return nil, err
	}
	var made webhook.Endpoint
	var secret string
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		wanted := webhook.Endpoint{Merchant: who.Merchant, URL: n.URL, Description: n.Description, Types: n.EventTypes}
		made, secret, err = webhook.Create(ctx, tx, who.Tenant, wanted, s.clock.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tellWebhooks(ctx, who.Tenant, made.ID)
	return answer(CreatedWebhookEndpoint{endpointOf(made), secret}), nil
}

func (s *Server) listEndpoints(ctx context.Context, _ *empty) (*list[WebhookEndpoint], error) {
	who := merchantOf(ctx)
	var found []webhook.Endpoint
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		found, err = webhook.List(ctx, tx, who.Tenant, who.Merchant)
		return err
	})
	if err != nil {
		return nil, err
	}
	data := make([]WebhookEndpoint, len(found))
	for i, e := range found {
		data[i] = endpointOf(e)
	}
	return listOf(data, ""), nil // at most webhook.MaxEndpoints
}

func (s *Server) getEndpoint(ctx context.Context, in *ByEndpoint) (*out[WebhookEndpoint], error) {
	who := merchantOf(ctx)
	var e webhook.Endpoint
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		e, err = webhook.Get(ctx, tx, who.Tenant, who.Merchant, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(endpointOf(e)), nil
}

func (s *Server) updateEndpoint(ctx context.Context, in *struct {
	ByEndpoint
	Body WebhookEndpointChange
}) (*out[WebhookEndpoint], error) {
	who, c := merchantOf(ctx), webhook.Change(in.Body)
	var types []string
	if c.EventTypes != nil {
		types = *c.EventTypes
	}
	if err := s.checkEndpoint(c.URL, types); err != nil {
		return nil, err
	}
	var e webhook.Endpoint
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		e, err = webhook.Update(ctx, tx, who.Tenant, who.Merchant, in.ID, c, s.clock.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tellWebhooks(ctx, who.Tenant, in.ID)
	return answer(endpointOf(e)), nil
}

func (s *Server) deleteEndpoint(ctx context.Context, in *ByEndpoint) (*struct{}, error) {
	who := merchantOf(ctx)
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error { return webhook.Delete(ctx, tx, who.Tenant, who.Merchant, in.ID) })
	if err != nil {
		return nil, err
	}
	s.tellWebhooks(ctx, who.Tenant, in.ID)
	return nil, nil
}

func (s *Server) rotateSecret(ctx context.Context, in *ByEndpoint) (*out[RotatedSecret], error) {
	who := merchantOf(ctx)
	var r RotatedSecret
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		r.Secret, r.OldSecretUntil, err = webhook.Rotate(ctx, tx, who.Tenant, who.Merchant, in.ID, s.clock.Now())
		return err
	})
	if err != nil {
		return nil, err
	}
	s.tellWebhooks(ctx, who.Tenant, in.ID)
	return answer(r), nil
}
