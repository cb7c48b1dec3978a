package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// JobState is how far a job is.
type JobState string

// The states, in the order in which a job goes through them.
const (
	JobWaiting  JobState = "waiting"
	JobAssigned JobState = "assigned"
	JobUnderWay JobState = "under_way"
	JobEnded    JobState = "ended"
)

// Job is orders placed together, for one rider to carry.
type Job struct {
	ID         id.Job               `json:"id"`
	MerchantID id.Merchant          `json:"merchant_id"`
	ZoneID     id.Zone              `json:"zone_id"`
	State      JobState             `json:"state" enum:"waiting,assigned,under_way,ended" doc:"waiting: nobody has it. assigned: a rider has it. under_way: goods are on board, or some orders have ended. ended: all have."`
	Fee        nullable[Money]      `json:"fee" doc:"What its orders cost together, without the cancelled ones; null where the zone had no tariff."`
	Rider      nullable[OrderRider] `json:"rider" doc:"Who carries what has not ended."`
	PlacedAt   time.Time            `json:"placed_at"`
	Orders     []Order              `json:"orders" doc:"In the sequence in which they were placed."`
}

// ByJob is the id in a path.
type ByJob struct {
	ID id.Job `path:"id" pattern:"^job_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The job's id."`
}

// jobOf shows a job with its orders, as both are and as the latter are shown.
func jobOf(j order.Job, orders []order.Order, shown []Order) Job {
	out := Job{ID: j.ID, MerchantID: j.Merchant, ZoneID: j.Zone, State: jobState(orders), PlacedAt: j.PlacedAt, Orders: shown}
	for i, o := range orders {
		if o.Fee != nil && o.State != order.Cancelled {
			if out.Fee.v == nil {
				out.Fee = some(Money{Currency: o.Fee.Currency})
			}
			out.Fee.v.Amount += o.Fee.Minor
		}
		if o.State.Active() && (out.Rider.v == nil || o.State != order.Returning) {
			out.Rider = shown[i].Rider
		}
	}
	return out
}

func jobState(orders []order.Order) JobState {
	ended, begun, taken := 0, 0, 0
	for _, o := range orders {
		switch {
		case o.State == order.Cancelled:
			ended++
		case o.State.Ended():
			ended, begun = ended+1, begun+1
		case o.State.OnBoard():
			begun++
		case o.State.Active():
			taken++
		}
	}
	switch {
	case ended == len(orders):
		return JobEnded
	case begun > 0:
		return JobUnderWay
	case taken > 0:
		return JobAssigned
	}
	return JobWaiting
}

// ownJob reads a job of the merchant. Another's is not found.
func ownJob(ctx context.Context, tx pgx.Tx, who merchant, job id.Job) (order.Job, error) {
	j, err := order.GetJob(ctx, tx, who.Tenant, job)
	if err == nil && j.Merchant != who.Merchant {
		err = order.ErrNotFound
	}
	return j, err
}

// fullJobs shows jobs with all that is known of their orders.
func (s *Server) fullJobs(ctx context.Context, tx pgx.Tx, tenant id.Tenant, jobs []order.Job) ([]Job, error) {
	ids := make([]id.Job, len(jobs))
	for i, j := range jobs {
		ids[i] = j.ID
	}
	of, err := order.OfJobs(ctx, tx, tenant, ids)
	if err != nil {
		return nil, err
	}
	var all []order.Order
	for _, j := range jobs {
		all = append(all, of[j.ID]...)
	}
	full, err := s.full(ctx, tx, tenant, all)
	if err != nil {
		return nil, err
	}
	out := make([]Job, len(jobs))
	for i, j := range jobs {
		n := len(of[j.ID])
		out[i] = jobOf(j, of[j.ID], full[:n:n])
		full = full[n:]
	}
	return out, nil
}

func (s *Server) getJob(ctx context.Context, in *ByJob) (*out[Job], error) {
	who := merchantOf(ctx)
	var full []Job
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		j, err := ownJob(ctx, tx, who, in.ID)
		if err != nil {
			return err
		}
		full, err = s.fullJobs(ctx, tx, who.Tenant, []order.Job{j})
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(full[0]), nil
}

func (s *Server) listJobs(ctx context.Context, in *Page) (*list[Job], error) {
	who := merchantOf(ctx)
	last, err := after[id.Job](*in)
	if err != nil {
		return nil, err
	}
	var data []Job
	var next string
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		found, err := order.ListJobs(ctx, tx, who.Tenant, order.JobFilter{Merchant: who.Merchant, After: last, Limit: in.Limit + 1})
		if err != nil {
			return err
		}
		found, next = cut(found, in.Limit, func(j order.Job) id.Job { return j.ID })
		data, err = s.fullJobs(ctx, tx, who.Tenant, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, next), nil
}

// rowError is an error with one of a job's orders.
type rowError struct {
	row int
	err error
}

func (e *rowError) Error() string { return index("orders", e.row) + ": " + e.err.Error() }

// problem names the order in each fault.
func (e *rowError) problem() *Problem {
	p := problemOf(e.err)
	if p.Status >= http.StatusInternalServerError {
		return p
	}
	row := index("orders", e.row)
	if len(p.Errors) == 0 {
		p.Errors = []FieldFault{{Field: row, Message: p.Detail}}
		return p
	}
	p.Errors = slices.Clone(p.Errors)
	for i := range p.Errors {
		p.Errors[i].Field = row + "." + p.Errors[i].Field
	}
	return p
}

// joined puts what is wrong with several orders into one error: what is not valid of all, else the first. One of ours stands for all.
func joined(errs []*rowError) error {
	var faults []FieldFault
	for _, err := range errs {
		switch p := err.problem(); {
		case p.Status >= http.StatusInternalServerError:
			return err.err
		case p.Code == codeValidation:
			faults = append(faults, p.Errors...)
		}
	}
	switch {
	case len(faults) > 0:
		return invalid(faults...)
	case len(errs) > 0:
		return errs[0]
	}
	return nil
}
