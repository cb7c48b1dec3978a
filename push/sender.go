package push

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/push/provider"
)

// Options are what a Sender needs.
type Options struct {
	DB        *pg.DB
	Clock     clock.Clock
	Log       *slog.Logger
	Providers map[provider.Name]provider.Provider
	Grace     time.Duration         // how long an offer may be seen before it is pushed
	Metrics   prometheus.Registerer // nil means no metrics
}

// Sender runs the jobs.
type Sender struct {
	Options
	metrics  metrics
	breakers map[provider.Name]*breaker
}

// NewSender makes one.
func NewSender(o Options) (*Sender, error) {
	m, err := newMetrics(o.Metrics)
	if err != nil {
		return nil, err
	}
	o.Log = o.Log.With("component", "push")
	s := &Sender{Options: o, metrics: m, breakers: map[provider.Name]*breaker{}}
	for name := range o.Providers {
		s.breakers[name] = &breaker{clock: o.Clock}
	}
	return s, nil
}

// Handle has a node run the jobs of all providers, also of those that it does not have: they are told to be skipped.
func (s *Sender) Handle(j *jobs.Client) {
	jobs.Handle(j, func(ctx context.Context, p fcmPush) error { return s.send(ctx, provider.FCM, p.Push) })
	jobs.Handle(j, func(ctx context.Context, p jpushPush) error { return s.send(ctx, provider.JPush, p.Push) })
	jobs.Handle(j, func(ctx context.Context, p webPush) error { return s.send(ctx, provider.Web, p.Push) })
	jobs.Handle(j, func(ctx context.Context, p gatewayPush) error { return s.send(ctx, provider.Gateway, p.Push) })
}

// send is one attempt. nil: nothing is left to be done.
func (s *Sender) send(ctx context.Context, by provider.Name, p Push) error {
	count := func(outcome string) { s.metrics.pushes.WithLabelValues(string(by), string(p.Kind), outcome).Inc() }
	via, ok := s.Providers[by]
	if !ok {
		count(notConfigured)
		return nil
	}
	f, err := s.look(ctx, by, p)
	switch {
	case err != nil:
		return err
	case f.skip != "":
		count(f.skip)
		return nil
	case f.wait > 0:
		return jobs.Again(f.wait)
	}
	if wait := s.breakers[by].closed(); wait > 0 {
		count(waiting)
		return jobs.Again(wait)
	}
	left := p.ExpiresAt.Sub(s.Clock.Now())
	title, body := text(p.Kind, f.token.Locale, left, f.begins)
	err = via.Send(ctx, provider.Message{
		ID: "psh_" + p.ID.String(), Token: f.token.Token, Title: title, Body: body, Collapse: collapse(p), TTL: s.Clock.Real(left), Data: data(p),
	})
	outcome, err := s.judge(ctx, by, p, f.token, err)
	count(outcome)
	return err
}

// collapse names what a newer message takes the place of: all of its kind, and of a booked shift what was said of that shift.
func collapse(p Push) string {
	if !p.Booking.IsZero() {
		return p.Booking.String()
	}
	return string(p.Kind)
}

// data is what the app gets to know: enough to ask for the rest.
func data(p Push) map[string]string {
	d := map[string]string{"kind": string(p.Kind), "expires_at": p.ExpiresAt.UTC().Format(time.RFC3339)}
	if !p.Offer.IsZero() {
		d["offer_id"] = p.Offer.String()
	}
	if !p.Handover.IsZero() {
		d["handover_id"] = p.Handover.String()
	}
	if !p.Booking.IsZero() {
		d["booking_id"] = p.Booking.String()
	}
	return d
}

// judge turns the provider's word into an outcome, and into what becomes of the job.
func (s *Sender) judge(ctx context.Context, by provider.Name, p Push, t Token, err error) (outcome string, _ error) {
	var isGone *provider.GoneError
	var isRefused *provider.RefusedError
	var busy *provider.BusyError
	switch {
	case err == nil:
		s.breakers[by].heard(true)
		return sent, nil
	case errors.As(err, &isGone):
		s.breakers[by].heard(true)
		err := s.DB.Tx(ctx, p.Tenant, func(tx pgx.Tx) error { return dropGone(ctx, tx, p.Tenant, t) })
		return gone, err
	case errors.As(err, &isRefused):
		s.breakers[by].heard(true)
		s.Log.WarnContext(ctx, "a push was refused", "provider", by, "device", p.Device, "error", err)
		return refused, nil
	case errors.As(err, &busy) && busy.After > 0:
		s.breakers[by].heard(true)
		return failed, jobs.Again(busy.After)
	}
	s.breakers[by].heard(false)
	return failed, fmt.Errorf("push by %s: %w", by, err)
}
