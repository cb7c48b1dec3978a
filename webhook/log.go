package webhook

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// LogFilter chooses deliveries of an endpoint; zero fields choose all.
type LogFilter struct {
	State DeliveryState
	After LogPlace // the last delivery of the page before
	Limit int
}

// LogPlace is a delivery's place in the log.
type LogPlace struct {
	micros int64
	event  order.EventID
}

// Place is where d stands in the log.
func (d Delivery) Place() LogPlace { return LogPlace{d.CreatedAt.UnixMicro(), d.Event} }

// MarshalText is for cursors.
func (p LogPlace) MarshalText() ([]byte, error) {
	return []byte(strconv.FormatInt(p.micros, 10) + "/" + p.event.String()), nil
}

// UnmarshalText reads it back.
func (p *LogPlace) UnmarshalText(b []byte) error {
	micros, event, _ := strings.Cut(string(b), "/")
	var x LogPlace
	var err error
	if x.micros, err = strconv.ParseInt(micros, 10, 64); err != nil || x.micros < 0 || x.micros > 1e17 {
		return errors.New("is not a place in the log")
	}
	if err := x.event.UnmarshalText([]byte(event)); err != nil {
		return errors.New("is not a place in the log")
	}
	*p = x
	return nil
}

// Log reads an endpoint's deliveries, the newest first. It does not ask whose the endpoint is.
func Log(ctx context.Context, tx pgx.Tx, tenant id.Tenant, endpoint id.Endpoint, f LogFilter) ([]Delivery, error) {
	where, args := "tenant_id = $1 and endpoint_id = $2", []any{tenant, endpoint, f.Limit}
	if f.State != "" {
		// The three words of the schema, so that the planner sees which partial index fits.
		where += fmt.Sprintf(" and state = '%s'", map[DeliveryState]string{Pending: "pending", Delivered: "delivered", Failed: "failed"}[f.State])
	}
	if f.After != (LogPlace{}) {
		where += " and (created_at, order_id, version) < ($4, $5::uuid, $6)"
		args = append(args, time.UnixMicro(f.After.micros), f.After.event.Order.UUID(), f.After.event.Version)
	}
	rows, err := tx.Query(ctx, `select `+deliveryColumns+` from webhook_deliveries where `+where+`
		order by created_at desc, order_id desc, version desc limit $3`, args...)
	if err != nil {
		return nil, fmt.Errorf("read the log of webhook endpoint %s: %w", endpoint, err)
	}
	out, err := pgx.CollectRows(rows, scanDelivery)
	if err != nil {
		return nil, fmt.Errorf("read the log of webhook endpoint %s: %w", endpoint, err)
	}
	return out, nil
}

// EventsOf reads the events of deliveries, tests left out.
func EventsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ds []Delivery) (map[order.EventID]order.FeedEvent, error) {
	var names []order.EventID
	for _, d := range ds {
		if !d.Test() {
			names = append(names, d.Event)
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	return order.FeedEvents(ctx, tx, tenant, names)
}

// keepLog is how long deliveries are kept that are done with.
const keepLog = 14 * 24 * time.Hour

// Forget clears a tenant's log of what is older than two weeks, deleted endpoints' included; a chore for every hour.
func Forget(ctx context.Context, tx pgx.Tx, tenant id.Tenant, now time.Time) error {
	_, err := tx.Exec(ctx, `delete from webhook_deliveries d where d.tenant_id = $1 and d.created_at < $2 and (d.state <> 'pending'
		or not exists (select 1 from webhook_endpoints e where e.tenant_id = $1 and e.id = d.endpoint_id))`, tenant, micro(now.Add(-keepLog)))
	if err != nil {
		return fmt.Errorf("forget webhook deliveries: %w", err)
	}
	return nil
}
