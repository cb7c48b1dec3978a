package api

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

type addToJobInput struct {
	ByJob
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"The same key and body within 24 hours give the same order, once."`
	Body           NewOrder
}

// addToJob places one more order of a job, while nothing of it has been picked up.
func (s *Server) addToJob(ctx context.Context, in *addToJobInput) (*out[Order], error) {
	who, now := merchantOf(ctx), s.clock.Now()
	var a Order
	body := struct {
		Job   id.Job
		Order NewOrder
	}{in.ID, in.Body}
	p := &placing{who: who, now: now}
	placed, err := s.once(ctx, who, in.IdempotencyKey, body, now, &a, func() (func(pgx.Tx) error, error) {
		err := s.prepare(ctx, p, in.Body)
		return func(tx pgx.Tx) error {
			if err := addTo(ctx, tx, who, in.ID, p); err != nil {
				return err
			}
			a = s.placedOrder(p.order)
			return nil
		}, err
	})
	if err != nil {
		return nil, err
	}
	if placed {
		s.tellPlaced(who.Tenant, []*placing{p})
	}
	return answer(a), nil
}

// addTo places an order in a job.
func addTo(ctx context.Context, tx pgx.Tx, who merchant, job id.Job, p *placing) error {
	j, err := ownJob(ctx, tx, who, job)
	if err != nil {
		return err
	}
	live, err := openMates(ctx, tx, who.Tenant, job)
	if err != nil {
		return err
	}
	if p.order.Zone != j.Zone {
		return invalid(FieldFault{"store_id", "lies in another zone than the job's stores: a rider works in one. Place it by itself", p.order.Store})
	}
	if err := fits(ctx, tx, who, j.Zone, []*placing{p}, live); err != nil {
		return err
	}
	j.Unite([]*order.Order{&p.order, &live[0]})
	if err := place(ctx, tx, who.Tenant, []*placing{p}); err != nil {
		return err
	}
	return p.err
}

// openMates locks a job's orders and returns those that have not ended, or why no other can be added. Who adds at the same time
// waits for the locks, and then counts what was added.
func openMates(ctx context.Context, tx pgx.Tx, tenant id.Tenant, job id.Job) ([]order.Order, error) {
	jobs := []id.Job{job}
	of, err := order.OfJobs(ctx, tx, tenant, jobs)
	if err != nil {
		return nil, err
	}
	ids := make([]id.Order, len(of[job]))
	for i, o := range of[job] {
		ids[i] = o.ID
	}
	if _, err := order.Lock(ctx, tx, tenant, ids); err != nil {
		return nil, err
	}
	if of, err = order.OfJobs(ctx, tx, tenant, jobs); err != nil {
		return nil, err
	}
	var live []order.Order
	for _, o := range of[job] {
		switch {
		case o.State == order.Cancelled:
		case o.State.OnBoard() || o.State.Ended():
			return nil, refuse(codeJobBegun, "Orders of the job have been picked up.")
		default:
			live = append(live, o)
		}
	}
	switch {
	case len(live) == 0:
		return nil, refuse(codeJobBegun, "All orders of the job are cancelled.")
	case len(live) >= maxJob:
		return nil, refuse(codeJobTooLarge, "The job has 20 orders already.")
	}
	return live, nil
}
