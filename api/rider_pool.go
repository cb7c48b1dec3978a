package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// PooledLot is what the rider may claim at once: an order, or orders that go together.
type PooledLot struct {
	OrderIDs  []id.Order     `json:"order_ids" doc:"Claim any of them to claim all."`
	Orders    []OfferedOrder `json:"orders"`
	Since     time.Time      `json:"since"`
	ClosesAt  time.Time      `json:"closes_at" doc:"Until then claims are collected, and the best gets it; later the first one does."`
	DistanceM int            `json:"distance_m" doc:"From the rider to the store, as the crow flies."`
	RideM     int            `json:"ride_m" doc:"From there to the last door, as the crow flies from stop to stop."`
	PickupAt  time.Time      `json:"pickup_at" doc:"When the rider would be at the store, going there now."`
	DropoffAt time.Time      `json:"dropoff_at" doc:"When the rider would be at the last door."`
}

// Claim is the rider's word for a pooled order.
type Claim struct {
	OrderID   id.Order         `json:"order_id"`
	At        time.Time        `json:"at"`
	State     rider.ClaimState `json:"state" enum:"open,won,lost"`
	DecidesAt *time.Time       `json:"decides_at" doc:"Open: when it is decided; a few seconds later where many are."`
	DecidedAt *time.Time       `json:"decided_at"`
	Reason    string           `json:"reason" doc:"Won: first, only, best or longest_idle. Lost: taken (by another rider), gone (cancelled, or given away by hand), or what kept the rider from it: capacity, shift_end, detour, stale, …"`
}

// ClaimAnswer is a claim with the plan as it is now.
type ClaimAnswer struct {
	Claim Claim `json:"claim"`
	Plan  Plan  `json:"plan" doc:"With the order in it, once the claim is won."`
}

// toldClaims is for how long a phone is told of a claim.
const toldClaims = 10 * time.Minute

// readPool fills in what the rider may claim, and what became of the claims of the last minutes.
func (w *Work) readPool(ctx context.Context, tx pgx.Tx, s *Server, tenant id.Tenant, who id.Rider, lots []dispatch.Lot, known knownOrders) error {
	w.Pool, w.Claims = make([]PooledLot, len(lots)), []Claim{}
	for i, l := range lots {
		shown := PooledLot{
			OrderIDs: l.Orders, Orders: make([]OfferedOrder, len(l.Orders)), Since: l.Since.UTC(), ClosesAt: l.ClosesAt.UTC(),
			DistanceM: l.ToStoreM, RideM: l.RideM, PickupAt: l.PickupAt.UTC(), DropoffAt: l.DropoffAt.UTC(),
		}
		for k, o := range l.Orders {
			shown.Orders[k] = known.offered(o)
		}
		w.Pool[i] = shown
	}
	claims, err := rider.ClaimsOf(ctx, tx, tenant, who, s.clock.Now().Add(-toldClaims))
	if err != nil {
		return err
	}
	for _, c := range claims {
		shown, err := claimOf(ctx, tx, tenant, c)
		if err != nil {
			return err
		}
		w.Claims = append(w.Claims, shown)
	}
	return nil
}

func claimOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, c rider.Claim) (Claim, error) {
	j := Claim{OrderID: c.Order, At: c.At.UTC(), State: c.State, DecidedAt: utc(c.DecidedAt), Reason: c.Reason}
	if c.State != rider.ClaimOpen {
		return j, nil
	}
	rows, err := rider.PooledOrders(ctx, tx, tenant, []id.Order{c.Order})
	if len(rows) > 0 {
		j.DecidesAt = utc(&rows[0].ClosesAt)
	}
	return j, err
}

func (s *Server) riderPool(ctx context.Context, _ *empty) (*list[PooledLot], error) {
	who := riderOf(ctx)
	w, err := s.readWork(ctx, who.Tenant, who.Rider, who.Vehicle, 0)
	if err != nil {
		return nil, err
	}
	return listOf(w.Pool, ""), nil
}

type claimInput struct {
	ByOrder
	Body Act
}

func (s *Server) claimOrder(ctx context.Context, in *claimInput) (*out[ClaimAnswer], error) {
	who := riderOf(ctx)
	c, _, err := s.dispatch.Claim(ctx, who.Tenant, who.Rider, in.ID, in.Body.action())
	if err != nil {
		return nil, err
	}
	var a ClaimAnswer
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		a.Claim, err = claimOf(ctx, tx, who.Tenant, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	w, err := s.readWork(ctx, who.Tenant, who.Rider, who.Vehicle, 0)
	if err != nil {
		return nil, err
	}
	a.Plan = w.Plan
	return answer(a), nil
}
