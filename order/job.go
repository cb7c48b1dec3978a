package order

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Job is orders placed together, for one rider to carry. What becomes of it is what becomes of its orders.
type Job struct {
	ID       id.Job
	Merchant id.Merchant
	Zone     id.Zone // of all its stores
	PlacedAt time.Time
}

// PlaceJob places a job with its orders, all or none, as Place does; it sets Job of the orders, too.
func PlaceJob(ctx context.Context, tx pgx.Tx, tenant id.Tenant, j Job, orders []Order, actor Actor) error {
	if err := InsertJob(ctx, tx, tenant, j); err != nil {
		return err
	}
	all := make([]*Order, len(orders))
	for i := range orders {
		all[i] = &orders[i]
	}
	j.Unite(all)
	return Place(ctx, tx, orders, actor)
}

// InsertJob writes a job whose orders will be placed in the same transaction.
func InsertJob(ctx context.Context, tx pgx.Tx, tenant id.Tenant, j Job) error {
	_, err := tx.Exec(ctx, `insert into jobs (tenant_id, id, merchant_id, zone_id, placed_at) values ($1, $2, $3, $4, $5)`,
		tenant, j.ID, j.Merchant, j.Zone, micro(j.PlacedAt))
	if err != nil {
		return fmt.Errorf("place job %s: %w", j.ID, err)
	}
	return nil
}

// Unite makes orders that are about to be placed the job's. They come due together, when the first of them must.
func (j Job) Unite(orders []*Order) {
	due := orders[0].DueAt
	for _, o := range orders {
		if o.DueAt.Before(due) {
			due = o.DueAt
		}
	}
	for _, o := range orders {
		o.Job, o.DueAt = j.ID, due
	}
}

const jobColumns = `id, merchant_id, zone_id, placed_at`

func scanJob(row pgx.CollectableRow) (Job, error) {
	var j Job
	err := row.Scan(&j.ID, &j.Merchant, &j.Zone, &j.PlacedAt)
	j.PlacedAt = j.PlacedAt.UTC()
	return j, err
}

// GetJob reads one job; ErrNotFound if the tenant has no such job.
func GetJob(ctx context.Context, tx pgx.Tx, tenant id.Tenant, job id.Job) (Job, error) {
	rows, err := tx.Query(ctx, `select `+jobColumns+` from jobs where tenant_id = $1 and id = $2`, tenant, job)
	if err != nil {
		return Job{}, fmt.Errorf("read job %s: %w", job, err)
	}
	j, err := pgx.CollectExactlyOneRow(rows, scanJob)
	if errors.Is(err, pgx.ErrNoRows) {
		return Job{}, ErrNotFound
	}
	if err != nil {
		return Job{}, fmt.Errorf("read job %s: %w", job, err)
	}
	return j, nil
}

// JobFilter chooses a merchant's jobs.
type JobFilter struct {
	Merchant id.Merchant
	After    id.Job // the last job of the page before; zero for the first page
	Limit    int
}

// ListJobs reads jobs, the newest first.
func ListJobs(ctx context.Context, tx pgx.Tx, tenant id.Tenant, f JobFilter) ([]Job, error) {
	rows, err := tx.Query(ctx, `select `+jobColumns+` from jobs
		where tenant_id = $1 and merchant_id = $2 and ($3::uuid is null or id < $3) order by id desc limit $4`,
		tenant, f.Merchant, f.After, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	out, err := pgx.CollectRows(rows, scanJob)
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	return out, nil
}

// OfJobs reads the orders of several jobs, in the order of their placement.
func OfJobs(ctx context.Context, tx pgx.Tx, tenant id.Tenant, jobs []id.Job) (map[id.Job][]Order, error) {
	os, err := collect(tx.Query(ctx, `select `+columns+` from orders where tenant_id = $1 and job_id = any($2) order by id`, tenant, jobs))
	if err != nil {
		return nil, fmt.Errorf("read the orders of %d jobs: %w", len(jobs), err)
	}
	out := make(map[id.Job][]Order, len(jobs))
	for _, o := range os {
		out[o.Job] = append(out[o.Job], o)
	}
	return out, nil
}
