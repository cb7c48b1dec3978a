package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// The consoles' rows span orders, offers, decisions, riders, shifts and plans; these are the queries that join them.

// hints is what other tables know of orders that wait.
type hints struct {
	reasons map[id.Order]string
	asked   map[id.Order]id.Rider
}

func readHints(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []order.Order) (hints, error) {
	h := hints{reasons: map[id.Order]string{}, asked: map[id.Order]id.Rider{}}
	var waiting []id.Order
	var offers []id.Offer
	for _, o := range orders {
		switch o.State {
		case order.Pending:
			waiting = append(waiting, o.ID)
		case order.Offered:
			offers = append(offers, o.Offer)
			h.reasons[o.ID] = "offer_open"
		}
	}
	if len(waiting) > 0 {
		rows, err := tx.Query(ctx, `
			SELECT DISTINCT ON (order_id) order_id, CASE WHEN kind = 'held' AND reason = '' THEN 'held' ELSE reason END FROM decisions
			WHERE tenant_id = $1 AND order_id = ANY ($2) ORDER BY order_id, last_at DESC, first_at DESC`, tenant, waiting)
		if err != nil {
			return h, fmt.Errorf("read reasons: %w", err)
		}
		var o id.Order
		var reason string
		if _, err := pgx.ForEachRow(rows, []any{&o, &reason}, func() error { h.reasons[o] = reason; return nil }); err != nil {
			return h, fmt.Errorf("read reasons: %w", err)
		}
	}
	if len(offers) > 0 {
		rows, err := tx.Query(ctx, `SELECT unnest(order_ids), rider_id FROM offers WHERE tenant_id = $1 AND id = ANY ($2)`, tenant, offers)
		if err != nil {
			return h, fmt.Errorf("read who is asked: %w", err)
		}
		var o id.Order
		var r id.Rider
		if _, err := pgx.ForEachRow(rows, []any{&o, &r}, func() error { h.asked[o] = r; return nil }); err != nil {
			return h, fmt.Errorf("read who is asked: %w", err)
		}
	}
	return h, nil
}

// readOnShift reads riders on shift in a zone with their plans: the given ones, or all when ids is nil.
func readOnShift(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, ids []id.Rider) ([]riderOnShift, error) {
	rows, err := tx.Query(ctx, `
		SELECT r.id, r.name, r.vehicle, r.capacity, r.max_orders, s.ends_at, coalesce(p.stops, '[]')
		FROM shifts s JOIN riders r ON r.tenant_id = s.tenant_id AND r.id = s.rider_id
		LEFT JOIN plans p ON p.tenant_id = s.tenant_id AND p.rider_id = s.rider_id
		WHERE s.tenant_id = $1 AND s.zone_id = $2 AND s.ended_at IS NULL AND ($3::uuid[] IS NULL OR s.rider_id = ANY ($3))
		ORDER BY r.id`, tenant, zone, ids)
	if err != nil {
		return nil, fmt.Errorf("read riders on shift: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r riderOnShift, err error) {
		var stops []byte
		if err := row.Scan(&r.id, &r.name, &r.vehicle, &r.capacity, &r.maxOrders, &r.endsAt, &stops); err != nil {
			return r, err
		}
		return r, json.Unmarshal(stops, &r.stops)
	})
	if err != nil {
		return nil, fmt.Errorf("read riders on shift: %w", err)
	}
	return out, nil
}

// readRecent reads a zone's open orders, and those that ended within the hour.
func (f *feed) readRecent(ctx context.Context, tx pgx.Tx) ([]order.Order, error) {
	filter := order.Filter{Zone: f.zone, EndedFrom: f.s.clock.Now().Add(-kpiSpan), Limit: order.MaxLimit}
	var out []order.Order
	for {
		found, err := order.List(ctx, tx, f.tenant, filter)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
		if len(found) < filter.Limit {
			return out, nil
		}
		filter.After = found[len(found)-1].ID
	}
}

// readRound reads the figures of a zone's last round; null before the first.
func readRound(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) (nullable[RoundFigures], error) {
	var r RoundFigures
	var us int64
	err := tx.QueryRow(ctx, `SELECT at, took_us, orders, riders, offered, assigned, held, unassigned FROM rounds
		WHERE tenant_id = $1 AND zone_id = $2 ORDER BY at DESC LIMIT 1`, tenant, zone).
		Scan(&r.At, &us, &r.Orders, &r.Riders, &r.Offered, &r.Assigned, &r.Held, &r.Unassigned)
	if errors.Is(err, pgx.ErrNoRows) {
		return nullable[RoundFigures]{}, nil
	}
	if err != nil {
		return nullable[RoundFigures]{}, fmt.Errorf("read the last round: %w", err)
	}
	r.At, r.TookMS = r.At.UTC(), float64(us)/1000
	return some(r), nil
}

// lastFix is a rider's last position; nil when there is none.
func (s *Server) lastFix(tenant id.Tenant, who id.Rider) *rider.Fix {
	fix, ok := s.index.Last(tenant, who)
	if !ok {
		return nil
	}
	return &fix
}
