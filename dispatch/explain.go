package dispatch

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/id"
)

// KeepDecisions is for how long rounds and explanations are kept.
const KeepDecisions = 90 * 24 * time.Hour

// DecisionKind is what a round decided about an order.
type DecisionKind string

// The kinds.
const (
	KindOffered  DecisionKind = "offered"
	KindAssigned DecisionKind = "assigned"
	KindClaimed  DecisionKind = "claimed" // from the pool, by the rider
	KindHeld     DecisionKind = "held"    // meant for a rider, given later
	KindWaiting  DecisionKind = "waiting" // nobody can take it now
)

// Decision is why an order went to a rider, or why it waited and for how long.
type Decision struct {
	Order     id.Order
	FirstAt   time.Time // of the first round that decided so
	LastAt    time.Time // of the last
	Round     id.Round  // zero: outside the rounds, by a claim
	Kind      DecisionKind
	Rider     id.Rider // chosen, or meant
	Reason    string   // of held, waiting and claimed: a stable word
	Until     *time.Time
	Chosen    *Ranked
	RunnersUp []Ranked
}

// Ranked is how good a rider is for an order; costs are in minutes.
type Ranked struct {
	Rider     id.Rider     `json:"rider_id"`
	Cost      float64      `json:"cost"`
	Terms     solver.Terms `json:"terms"`
	PickupAt  time.Time    `json:"pickup_at"`
	DropoffAt time.Time    `json:"dropoff_at"`
	Feasible  bool         `json:"feasible"`
	Reason    string       `json:"reason,omitempty"` // why not feasible
	Orders    int          `json:"orders"`           // that the rider has already
	DistanceM int          `json:"distance_m"`       // to the store, great circle

	// What the terms of fairness are from, where the zone has them.
	IdleS     int `json:"idle_s,omitempty"`     // seconds without work
	EarnedPct int `json:"earned_pct,omitempty"` // earnings an hour on the shift, in per cent of what is typical in the zone
}

// detail is the part of a decision kept as JSON.
type detail struct {
	Until     *time.Time `json:"until,omitempty"`
	Chosen    *Ranked    `json:"chosen,omitempty"`
	RunnersUp []Ranked   `json:"runners_up,omitempty"`
}

// saveDecisions writes new decisions and moves the last time of those that still hold, in one statement.
func saveDecisions(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ds []Decision) error {
	if len(ds) == 0 {
		return nil
	}
	var (
		orders      = make([]id.Order, len(ds))
		first, last = make([]time.Time, len(ds)), make([]time.Time, len(ds))
		rounds      = make([]id.Round, len(ds))
		kinds       = make([]string, len(ds))
		riders      = make([]id.Rider, len(ds))
		reasons     = make([]string, len(ds))
		details     = make([]string, len(ds))
	)
	for i, d := range ds {
		text, err := json.Marshal(detail{d.Until, d.Chosen, d.RunnersUp})
		if err != nil {
			return fmt.Errorf("decision on %s: %w", d.Order, err)
		}
		orders[i], first[i], last[i], rounds[i] = d.Order, d.FirstAt, d.LastAt, d.Round
		kinds[i], riders[i], reasons[i], details[i] = string(d.Kind), d.Rider, d.Reason, string(text)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO decisions (tenant_id, order_id, first_at, last_at, round_id, kind, rider_id, reason, detail)
		SELECT $1, * FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::uuid[], $6::text[], $7::uuid[], $8::text[], $9::jsonb[])
		ON CONFLICT (tenant_id, order_id, first_at) DO UPDATE
		SET kind = excluded.kind, reason = excluded.reason, last_at = excluded.last_at, round_id = excluded.round_id, rider_id = excluded.rider_id, detail = excluded.detail`,
		tenant, orders, first, last, rounds, kinds, riders, reasons, details)
	if err != nil {
		return fmt.Errorf("save decisions: %w", err)
	}
	return nil
}

// Decisions are what the rounds decided about an order, oldest first.
func Decisions(ctx context.Context, tx pgx.Tx, tenant id.Tenant, o id.Order) ([]Decision, error) {
	rows, err := tx.Query(ctx, `
		SELECT order_id, first_at, last_at, round_id, kind, rider_id, reason, detail
		FROM decisions WHERE tenant_id = $1 AND order_id = $2 ORDER BY first_at`, tenant, o)
	if err != nil {
		return nil, fmt.Errorf("decisions on %s: %w", o, err)
	}
	out, err := pgx.CollectRows(rows, scanDecision)
	if err != nil {
		return nil, fmt.Errorf("decisions on %s: %w", o, err)
	}
	return out, nil
}

// LatestDecisions are the last ones on each of several orders.
func LatestDecisions(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) (map[id.Order]Decision, error) {
	rows, err := tx.Query(ctx, `
		SELECT DISTINCT ON (order_id) order_id, first_at, last_at, round_id, kind, rider_id, reason, detail
		FROM decisions WHERE tenant_id = $1 AND order_id = ANY ($2) ORDER BY order_id, first_at DESC`, tenant, orders)
	if err != nil {
		return nil, fmt.Errorf("latest decisions: %w", err)
	}
	ds, err := pgx.CollectRows(rows, scanDecision)
	if err != nil {
		return nil, fmt.Errorf("latest decisions: %w", err)
	}
	out := make(map[id.Order]Decision, len(ds))
	for _, d := range ds {
		out[d.Order] = d
	}
	return out, nil
}

func scanDecision(row pgx.CollectableRow) (Decision, error) {
	var d Decision
	var text []byte
	if err := row.Scan(&d.Order, &d.FirstAt, &d.LastAt, &d.Round, &d.Kind, &d.Rider, &d.Reason, &text); err != nil {
		return d, err
	}
	var more detail
	if err := json.Unmarshal(text, &more); err != nil {
		return d, err
	}
	d.Until, d.Chosen, d.RunnersUp = more.Until, more.Chosen, more.RunnersUp
	return d, nil
}
