package api

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// maxJob is how many orders a job may have.
const maxJob = 20

// NewJob is orders that one rider is to carry.
type NewJob struct {
	Orders []NewOrder `json:"orders" minItems:"2" maxItems:"20" doc:"All of stores in one zone. They come due together, when the first of them must."`
}

type createJobInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"The same key and body within 24 hours give the same answer, and no further job."`
	Body           NewJob
}

// createJob places all of a job's orders, or none.
func (s *Server) createJob(ctx context.Context, in *createJobInput) (*out[Job], error) {
	who, now := merchantOf(ctx), s.clock.Now()
	var a Job
	var rows []*placing
	placed, err := s.once(ctx, who, in.IdempotencyKey, in.Body, now, &a, func() (_ func(pgx.Tx) error, err error) {
		rows, err = s.jobRows(ctx, who, in.Body.Orders, now)
		return func(tx pgx.Tx) (err error) {
			a, err = s.placeJob(ctx, tx, who, rows, now)
			return err
		}, err
	})
	if err != nil {
		return nil, err
	}
	if placed {
		s.tellPlaced(who.Tenant, rows)
	}
	return answer(a), nil
}

func (s *Server) placeJob(ctx context.Context, tx pgx.Tx, who merchant, rows []*placing, now time.Time) (Job, error) {
	j := order.Job{ID: id.NewJob(), Merchant: who.Merchant, Zone: rows[0].order.Zone, PlacedAt: micro(now)}
	if err := fits(ctx, tx, who, j.Zone, rows, nil); err != nil {
		return Job{}, err
	}
	if err := order.InsertJob(ctx, tx, who.Tenant, j); err != nil {
		return Job{}, err
	}
	united := make([]*order.Order, len(rows))
	for i, p := range rows {
		united[i] = &p.order
	}
	j.Unite(united)
	if err := place(ctx, tx, who.Tenant, rows); err != nil {
		return Job{}, err
	}
	var errs []*rowError
	orders, shown := make([]order.Order, len(rows)), make([]Order, len(rows))
	for i, p := range rows {
		if p.err != nil {
			errs = append(errs, &rowError{i, p.err})
		}
		orders[i], shown[i] = p.order, s.placedOrder(p.order)
	}
	return jobOf(j, orders, shown), joined(errs)
}

// jobRows checks the orders of a job, each by itself and with each other.
func (s *Server) jobRows(ctx context.Context, who merchant, asked []NewOrder, now time.Time) ([]*placing, error) {
	rows := make([]*placing, len(asked))
	first := make(map[string]int) // row of an external id
	var errs []*rowError
	for i, n := range asked {
		p := &placing{who: who, now: now}
		if err := s.prepare(ctx, p, n); err != nil {
			errs = append(errs, &rowError{i, err})
			continue
		}
		rows[i] = p
		if k, ok := first[n.ExternalID]; ok && n.ExternalID != "" {
			errs = append(errs, &rowError{i, invalid(FieldFault{"external_id", fmt.Sprintf("is orders[%d]'s as well", k), n.ExternalID})})
		}
		first[n.ExternalID] = i
		if rows[0] != nil && p.order.Zone != rows[0].order.Zone {
			errs = append(errs, &rowError{i, invalid(FieldFault{
				"store_id", "lies in another zone than orders[0]'s store: a rider works in one. Place it by itself", n.StoreID,
			})})
		}
	}
	return rows, joined(errs)
}

// fits refuses what no rider could carry together with what the job has already.
func fits(ctx context.Context, tx pgx.Tx, who merchant, zone id.Zone, rows []*placing, others []order.Order) error {
	var load dispatch.JobLoad
	for _, o := range others {
		load.Add(o)
	}
	for _, p := range rows {
		load.Add(p.order)
	}
	return dispatch.JobFits(ctx, tx, who.Tenant, zone, load, who.Test)
}
