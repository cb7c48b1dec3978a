package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// NamedOrder is an order with the names that go with it.
type NamedOrder struct {
	Order
	MerchantName string `json:"merchant_name"`
	StoreName    string `json:"store_name"`
}

// Candidate is a rider, and how good for the order.
type Candidate struct {
	RiderID   id.Rider     `json:"rider_id"`
	RiderName string       `json:"rider_name"`
	Cost      float64      `json:"cost" doc:"Minutes, lower is better."`
	Terms     solver.Terms `json:"terms" doc:"What the cost is made of."`
	PickupAt  time.Time    `json:"pickup_at"`
	DropoffAt time.Time    `json:"dropoff_at"`
	Feasible  bool         `json:"feasible"`
	Reason    string       `json:"reason" doc:"Why not feasible."`
	Orders    int          `json:"orders" doc:"That the rider has already."`
	DistanceM int          `json:"distance_m" doc:"To the store, as the crow flies."`
	IdleS     int          `json:"idle_s" doc:"Seconds without work, where the zone's fairness weighs them; else 0."`
	EarnedPct int          `json:"earned_pct" doc:"Earnings an hour on the shift in per cent of what is typical in the zone, where its fairness weighs them: 100 is typical. 0: not weighed."`
}

// Decision is what rounds decided about the order, and for how long it held.
type Decision struct {
	Kind      dispatch.DecisionKind `json:"kind" enum:"offered,assigned,claimed,held,waiting"`
	FirstAt   time.Time             `json:"first_at"`
	LastAt    time.Time             `json:"last_at"`
	RoundID   id.Round              `json:"round_id" doc:"Empty: a claim, decided when it came or between two rounds."`
	RiderID   id.Rider              `json:"rider_id"`
	RiderName string                `json:"rider_name"`
	Reason    string                `json:"reason"`
	Until     *time.Time            `json:"until" doc:"Held: until then. Waiting in the pool: until then claims are collected."`
	Chosen    nullable[Candidate]   `json:"chosen"`
	RunnersUp []Candidate           `json:"runners_up"`
}

// Why explains an order.
type Why struct {
	Decisions  []Decision  `json:"decisions" doc:"Oldest first."`
	Candidates []Candidate `json:"candidates" doc:"Who could take it now, best first."`
}

// OrderDetail is all that a dispatcher sees of an order.
type OrderDetail struct {
	Order  NamedOrder   `json:"order"`
	Events []OrderEvent `json:"events"`
	Why    Why          `json:"why"`
	Plan   []Stop       `json:"plan" doc:"Of its rider; empty when nobody has it."`
}

func (s *Server) consoleOrder(ctx context.Context, in *ByOrder) (*out[OrderDetail], error) {
	tenant := staffOf(ctx).Tenant
	why, err := s.dispatch.Why(ctx, tenant, in.ID)
	if err != nil {
		return nil, err
	}
	var d OrderDetail
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		o, err := order.Get(ctx, tx, tenant, in.ID)
		if err != nil {
			return err
		}
		full, err := s.fullFor(ctx, tx, tenant, []order.Order{o}, true)
		if err != nil {
			return err
		}
		d.Order.Order, d.Plan = full[0], []Stop{}
		err = tx.QueryRow(ctx, `SELECT m.name, s.name FROM merchants m, stores s
			WHERE m.tenant_id = $1 AND m.id = $2 AND s.tenant_id = $1 AND s.id = $3`, tenant, o.Merchant, o.Store).
			Scan(&d.Order.MerchantName, &d.Order.StoreName)
		if err != nil {
			return fmt.Errorf("read the order's names: %w", err)
		}
		history, err := order.Events(ctx, tx, tenant, in.ID)
		if err != nil {
			return err
		}
		names, err := readNames(ctx, tx, tenant, why, history)
		if err != nil {
			return err
		}
		d.Events, d.Why = eventsOf(history, names), whyOf(why, names)
		if !o.State.Active() {
			return nil
		}
		plan, err := rider.GetPlan(ctx, tx, tenant, o.Rider)
		if err != nil {
			return err
		}
		known, err := s.readOrders(ctx, tx, tenant, plan.Orders())
		if err != nil {
			return err
		}
		who, err := rider.GetMany(ctx, tx, tenant, []id.Rider{o.Rider})
		if err != nil {
			return err
		}
		if err := known.readMeets(ctx, tx, tenant, plan.Stops); err != nil {
			return err
		}
		for _, r := range who {
			d.Plan = known.stops(s.live(tenant, r.ID, r.Vehicle, plan.Stops, known), true)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer(d), nil
}

func whyOf(ex dispatch.Explanation, names map[string]string) Why {
	w := Why{Decisions: make([]Decision, len(ex.Decisions)), Candidates: candidatesOf(ex.Candidates, names)}
	for i, x := range ex.Decisions {
		w.Decisions[i] = Decision{
			Kind: x.Kind, FirstAt: x.FirstAt.UTC(), LastAt: x.LastAt.UTC(), RoundID: x.Round, RiderID: x.Rider, RiderName: names[x.Rider.String()],
			Reason: x.Reason, Until: utc(x.Until), RunnersUp: candidatesOf(x.RunnersUp, names),
		}
		if x.Chosen != nil {
			w.Decisions[i].Chosen = some(candidateOf(*x.Chosen, names))
		}
	}
	return w
}

func candidatesOf(rs []dispatch.Ranked, names map[string]string) []Candidate {
	out := make([]Candidate, len(rs))
	for i, r := range rs {
		out[i] = candidateOf(r, names)
	}
	return out
}

func candidateOf(r dispatch.Ranked, names map[string]string) Candidate {
	return Candidate{
		r.Rider, names[r.Rider.String()], r.Cost, r.Terms, r.PickupAt.UTC(), r.DropoffAt.UTC(), r.Feasible, r.Reason, r.Orders, r.DistanceM, r.IdleS, r.EarnedPct,
	}
}

// readNames reads the names of the riders and members of staff that an explanation and a history mention, by their id's text.
func readNames(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ex dispatch.Explanation, history []order.RecordedEvent) (map[string]string, error) {
	var riders []id.Rider
	var users []id.User
	ranked := ex.Candidates
	for _, d := range ex.Decisions {
		riders = append(riders, d.Rider)
		ranked = append(ranked, d.RunnersUp...)
	}
	for _, r := range ranked {
		riders = append(riders, r.Rider)
	}
	for _, e := range history {
		switch e.Actor.Kind {
		case order.ActorRider:
			riders = append(riders, id.Rider(e.Actor.ID))
		case order.ActorDispatcher:
			users = append(users, id.User(e.Actor.ID))
		}
	}
	names := make(map[string]string)
	found, err := rider.GetMany(ctx, tx, tenant, riders)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		names[r.ID.String()] = r.Name
	}
	rows, err := tx.Query(ctx, "SELECT id, name FROM users WHERE tenant_id = $1 AND id = ANY ($2)", tenant, users)
	if err != nil {
		return nil, fmt.Errorf("read users' names: %w", err)
	}
	var u id.User
	var name string
	_, err = pgx.ForEachRow(rows, []any{&u, &name}, func() error { names[u.String()] = name; return nil })
	return names, err
}

type consoleOrdersQuery struct {
	Page
	ZoneID string   `query:"zone_id" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	State  []string `query:"state" enum:"scheduled,pending,offered,assigned,at_store,picked_up,at_door,delivered,returning,returned,cancelled" doc:"One or several, with commas between."`
	Q      string   `query:"q" maxLength:"200" doc:"An order's id or external id."`
}

func (s *Server) consoleOrders(ctx context.Context, in *consoleOrdersQuery) (*list[OrderRow], error) {
	tenant := staffOf(ctx).Tenant
	f := order.Filter{Limit: in.Limit + 1}
	for _, st := range in.State {
		f.States = append(f.States, order.State(st))
	}
	if err := f.Zone.UnmarshalText([]byte(in.ZoneID)); err != nil { // the schema has checked it
		return nil, invalid(FieldFault{"query.zone_id", err.Error(), nil})
	}
	var err error
	if f.After, err = after[id.Order](in.Page); err != nil {
		return nil, err
	}
	q := strings.TrimSpace(in.Q)
	one, isID := id.Order{}, false
	if q != "" {
		isID = one.UnmarshalText([]byte(q)) == nil
		f.ExternalID = q
	}
	var data []OrderRow
	var next string
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		var found []order.Order
		if isID {
			found, err = order.GetMany(ctx, tx, tenant, []id.Order{one})
		} else {
			found, err = order.List(ctx, tx, tenant, f)
		}
		if err != nil {
			return err
		}
		found, next = cut(found, in.Limit, func(o order.Order) id.Order { return o.ID })
		data, err = s.orderRows(ctx, tx, tenant, found)
		return err
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, next), nil
}

// orderRows makes the console's rows of orders.
func (s *Server) orderRows(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []order.Order) ([]OrderRow, error) {
	h, err := readHints(ctx, tx, tenant, orders)
	if err != nil {
		return nil, err
	}
	var stores []id.Store
	var riders []id.Rider
	for _, o := range orders {
		stores = append(stores, o.Store)
		if o.State.Active() {
			riders = append(riders, o.Rider)
		}
	}
	known, err := order.StoresByID(ctx, tx, tenant, stores)
	if err != nil {
		return nil, err
	}
	who, err := rider.GetMany(ctx, tx, tenant, riders)
	if err != nil {
		return nil, err
	}
	stops, err := s.liveStops(ctx, tx, tenant, who)
	if err != nil {
		return nil, err
	}
	out := make([]OrderRow, len(orders))
	for i, o := range orders {
		out[i] = rowOf(o, known[o.Store].Name, bringing(o, func(r id.Rider) []rider.Stop { return stops[r] }))
		out[i].Reason, out[i].OfferRiderID = h.reasons[o.ID], h.asked[o.ID]
	}
	return out, nil
}
