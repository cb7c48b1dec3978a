package webhook

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// Delivery is one event for one endpoint, and how sending it went.
type Delivery struct {
	Event       order.EventID // of a test: of an order that never was, version 0
	Type        string
	At          time.Time // of the event
	State       DeliveryState
	Attempts    int        // made since it was created, or replayed
	NextAt      *time.Time // when it is tried again; nil unless pending
	CreatedAt   time.Time
	AttemptedAt *time.Time // the last attempt; nil: none yet
	Status      int        // of its answer; 0: none came
	Error       string     // why none came
	Body        string     // the beginning of the answer's body
	Took        time.Duration
}

// DeliveryState says whether the endpoint has the event.
type DeliveryState string

// The states of a delivery.
const (
	Pending   DeliveryState = "pending"
	Delivered DeliveryState = "delivered"
	Failed    DeliveryState = "failed" // refused at every attempt; it can be replayed
)

// Test reports whether the delivery is of a test event.
func (d Delivery) Test() bool { return d.Type == TestType }

const deliveryColumns = `order_id, version, type, at, state, attempts, next_at, created_at, attempted_at, coalesce(status, 0), coalesce(error, ''),
	coalesce(body, ''), coalesce(took_ms, 0)`

func scanDelivery(row pgx.CollectableRow) (Delivery, error) {
	var d Delivery
	var ms int64
	err := row.Scan(&d.Event.Order, &d.Event.Version, &d.Type, &d.At, &d.State, &d.Attempts, &d.NextAt, &d.CreatedAt, &d.AttemptedAt,
		&d.Status, &d.Error, &d.Body, &ms)
	d.Took = time.Duration(ms) * time.Millisecond
	d.At, d.CreatedAt = d.At.UTC(), d.CreatedAt.UTC()
	for _, t := range []*time.Time{d.NextAt, d.AttemptedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
	return d, err
}

// GetDelivery reads one delivery of an endpoint. ErrNotFound.
func GetDelivery(ctx context.Context, tx pgx.Tx, tenant id.Tenant, endpoint id.Endpoint, event order.EventID) (Delivery, error) {
	rows, err := tx.Query(ctx, `select `+deliveryColumns+` from webhook_deliveries
		where tenant_id = $1 and endpoint_id = $2 and order_id = $3 and version = $4`, tenant, endpoint, event.Order, event.Version)
	if err != nil {
		return Delivery{}, fmt.Errorf("read delivery %s: %w", event, err)
	}
	d, err := pgx.CollectExactlyOneRow(rows, scanDelivery)
	if errors.Is(err, pgx.ErrNoRows) {
		return Delivery{}, ErrNotFound
	}
	if err != nil {
		return Delivery{}, fmt.Errorf("read delivery %s: %w", event, err)
	}
	return d, nil
}

// Test makes a delivery of a test event to an endpoint of a merchant. It goes out before all that waits, also to an endpoint that is
// sick. ErrNotFound, ErrDisabled.
func Test(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint, now time.Time) (Delivery, error) {
	if err := takes(ctx, tx, tenant, merchant, endpoint); err != nil {
		return Delivery{}, err
	}
	_, err := tx.Exec(ctx, `update webhook_progress set probe_at = least(probe_at, $3) where tenant_id = $1 and endpoint_id = $2 and probe_at is not null`,
		tenant, endpoint, micro(now))
	if err != nil {
		return Delivery{}, fmt.Errorf("probe webhook endpoint %s: %w", endpoint, err)
	}
	event := order.EventID{Order: id.NewOrder()}
	_, err = tx.Exec(ctx, `insert into webhook_deliveries (tenant_id, endpoint_id, order_id, version, type, at, state, created_at, next_at)
		values ($1, $2, $3, $4, $5, $6, 'pending', $6,
			least($6, (select min(next_at) from webhook_deliveries where tenant_id = $1 and endpoint_id = $2 and state = 'pending')))`,
		tenant, endpoint, event.Order, event.Version, TestType, micro(now))
	if err != nil {
		return Delivery{}, fmt.Errorf("test webhook endpoint %s: %w", endpoint, err)
	}
	return GetDelivery(ctx, tx, tenant, endpoint, event)
}

// takes is nil when a merchant's endpoint is there and enabled.
func takes(ctx context.Context, tx pgx.Tx, tenant id.Tenant, merchant id.Merchant, endpoint id.Endpoint) error {
	e, err := Get(ctx, tx, tenant, merchant, endpoint)
	if err == nil && e.State != Enabled {
		err = ErrDisabled
	}
	return err
}
