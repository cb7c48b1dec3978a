package api

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/tariff"
)

// RiderOrder is an order as its rider may see it.
type RiderOrder struct {
	ID           id.Order    `json:"id"`
	State        order.State `json:"state" enum:"scheduled,pending,offered,assigned,at_store,picked_up,at_door,delivered,returning,returned,cancelled"`
	Version      int64       `json:"version"`
	ExternalID   string      `json:"external_id" doc:"What the store calls it."`
	StoreID      id.Store    `json:"store_id"`
	StoreName    string      `json:"store_name"`
	StoreAddress string      `json:"store_address"`
	Pickup       Place       `json:"pickup"`
	Dropoff      Dropoff     `json:"dropoff"`
	Items        []Item      `json:"items"`
	Load         int         `json:"load"`
	Proof        RiderDemand `json:"proof" doc:"Without which it can't be delivered."`
	MaskedCall   bool        `json:"masked_call" doc:"The customer's phone is not shown, but can be called: POST …/call lends a number."`

	Cash          nullable[Money] `json:"cash_on_delivery" doc:"To be collected at the door."`
	ReadyEstimate time.Time       `json:"ready_estimate"`
	ReadyAt       *time.Time      `json:"ready_at"`
	PromiseAt     time.Time       `json:"promise_at"`
	WaitingSince  *time.Time      `json:"waiting_since" doc:"At the store: when the rider came there by the positions, or said so, whichever is earlier; null before, and once picked up."`
	PickedUpAt    *time.Time      `json:"picked_up_at"`
	EndedAt       *time.Time      `json:"ended_at"`
}

// RiderDemand is the proof that a rider must bring, without what only the customer knows.
type RiderDemand struct {
	Photo     bool `json:"photo"`
	Signature bool `json:"signature"`
	PIN       bool `json:"pin" doc:"The customer tells it."`
	Barcode   bool `json:"barcode" doc:"To be scanned at the door."`
	MinAge    int  `json:"min_age" doc:"Years; 0: anybody may take it."`
}

func riderDemandOf(d order.Demand) RiderDemand {
	return RiderDemand{d.Photo, d.Signature, d.PIN != "", d.Barcode != "", d.MinAge}
}

func riderOrderOf(o order.Order, st order.Store, p dispatch.Privacy, now time.Time) RiderOrder {
	call := masked(o, p, now)
	o.Dropoff.ContactPhone = customerPhone(o, p, now)
	return RiderOrder{
		ID: o.ID, State: o.State, Version: o.Version, ExternalID: o.ExternalID, StoreID: o.Store, StoreName: st.Name, StoreAddress: st.Address,
		Pickup: Place{o.Pickup}, Dropoff: dropoffOf(o.Dropoff), Items: itemsOf(o.Items), Load: o.Load,
		Proof: riderDemandOf(o.Demand), MaskedCall: call, Cash: moneyOf(o.Cash),
		ReadyEstimate: o.ReadyEstimate, ReadyAt: o.ReadyAt, PromiseAt: o.PromiseAt, WaitingSince: waitingSince(o), PickedUpAt: o.PickedUpAt, EndedAt: o.EndedAt,
	}
}

// waitingSince is when the rider said to be at the store, while waiting there.
func waitingSince(o order.Order) *time.Time {
	if o.State != order.AtStore {
		return nil
	}
	return o.AtStoreAt
}

// Stop is where a rider picks an order up, brings it, or meets a colleague for it.
type Stop struct {
	OrderID       id.Order       `json:"order_id"`
	Kind          rider.StopKind `json:"kind" enum:"pickup,dropoff,hand_over,take_over" doc:"hand_over: a colleague comes there for the order. take_over: the rider gets it there from a colleague."`
	Location      geo.LatLng     `json:"location"`
	Name          string         `json:"name" doc:"The store's, the customer's or the colleague's."`
	Address       string         `json:"address"`
	Instructions  string         `json:"instructions"`
	ArriveAt      time.Time      `json:"arrive_at"`
	DepartAt      time.Time      `json:"depart_at"`
	ReadyEstimate *time.Time     `json:"ready_estimate" doc:"For pickups."`
	HandoverID    id.Handover    `json:"handover_id" doc:"Of hand_over and take_over; else empty."`

	Suggested nullable[Suggested] `json:"suggested" doc:"What the rider's positions say has happened, until the rider says so."`
}

// Suggested is an act that the rider's positions suggest. The rider confirms it; nothing happens by itself.
type Suggested struct {
	Act dispatch.ActKind `json:"act" enum:"arrive_store,arrive_door"`
	At  time.Time        `json:"at" doc:"When the rider came there: the at of the act, if it is confirmed."`
}

// Plan is what a rider has still to do.
type Plan struct {
	Version int64        `json:"version"`
	Stops   []Stop       `json:"stops"`
	Orders  []RiderOrder `json:"orders"`

	Since   *int64       `json:"since" doc:"The version that changes are told from; null where none was named, or it is not known any more."`
	Changes []PlanChange `json:"changes" doc:"What others have changed since: show it to the rider. What the rider did is not among it."`
}

// Offer is orders proposed to the rider.
type Offer struct {
	ID         id.Offer         `json:"id"`
	State      rider.OfferState `json:"state" enum:"open,accepted,declined,expired,withdrawn"`
	OrderIDs   []id.Order       `json:"order_ids"`
	Stops      []Stop           `json:"stops" doc:"The whole plan, if accepted."`
	MadeAt     time.Time        `json:"made_at"`
	ExpiresAt  time.Time        `json:"expires_at"`
	SeenAt     *time.Time       `json:"seen_at"`
	AnsweredAt *time.Time       `json:"answered_at"`
	Reason     string           `json:"reason"`
	DistanceM  *int             `json:"distance_m" doc:"From the rider to the first stop, as the crow flies; null when the rider's position is not known."`
	Orders     []OfferedOrder   `json:"orders"`
}

// OfferedOrder is what a rider may know of an order before taking it: where, not whose.
type OfferedOrder struct {
	ID            id.Order   `json:"id"`
	StoreName     string     `json:"store_name"`
	Pickup        geo.LatLng `json:"pickup"`
	Dropoff       geo.LatLng `json:"dropoff"`
	ReadyEstimate time.Time  `json:"ready_estimate"`
	PromiseAt     time.Time  `json:"promise_at"`

	Pay      nullable[Money] `json:"pay" doc:"What the rider earns by bringing it, fixed once the rider is asked or has claimed it; null where the zone has no tariff."`
	PayTerms []PayTerm       `json:"pay_terms" doc:"They add up to pay."`
}

// Work is all that a rider's phone shows: read in one transaction, so that it agrees with itself.
type Work struct {
	Plan      Plan            `json:"plan"`
	Offers    []Offer         `json:"offers"`
	Pool      []PooledLot     `json:"pool" doc:"What the rider may claim, the nearest first, at most 50."`
	Handovers []RiderHandover `json:"handovers" doc:"Orders that the rider gives, or is asked to take over, and what became of those of the last ten minutes; the newest first."`
	Claims    []Claim         `json:"claims" doc:"Those of the last ten minutes, the newest first."`
}

// untimed is w without the times expected at the plan's stops and the way to what may be claimed, which move all the while: a phone is
// told when what is to be done changes, and then of all times.
func (w Work) untimed() Work {
	w.Pool = slices.Clone(w.Pool)
	for i := range w.Pool {
		w.Pool[i].DistanceM, w.Pool[i].PickupAt, w.Pool[i].DropoffAt = 0, time.Time{}, time.Time{}
	}
	slices.SortFunc(w.Pool, func(a, b PooledLot) int { return slices.Compare(a.OrderIDs[0][:], b.OrderIDs[0][:]) })
	w.Handovers = slices.Clone(w.Handovers)
	for i := range w.Handovers {
		w.Handovers[i].DetourM = nil
	}
	w.Plan.Since, w.Plan.Changes = nil, nil // of what was told last
	w.Plan.Stops = slices.Clone(w.Plan.Stops)
	for i := range w.Plan.Stops {
		w.Plan.Stops[i].ArriveAt, w.Plan.Stops[i].DepartAt = time.Time{}, time.Time{}
	}
	return w
}

// readWork reads a rider's work, and what others have changed in the plan since a version of it; 0 is none.
func (s *Server) readWork(ctx context.Context, tenant id.Tenant, who id.Rider, v rider.Vehicle, since int64) (w Work, err error) {
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		plan, err := rider.GetPlan(ctx, tx, tenant, who)
		if err != nil {
			return err
		}
		offers, err := rider.OffersOf(ctx, tx, tenant, who, true)
		if err != nil {
			return err
		}
		ids := plan.Orders()
		lots, err := s.dispatch.PoolOf(ctx, tx, tenant, who)
		if err != nil {
			return err
		}
		var offered []id.Order
		for _, f := range offers {
			offered = append(offered, f.Orders...)
		}
		var pooled []id.Order
		for _, l := range lots {
			pooled = append(pooled, l.Orders...)
		}
		handovers, err := rider.HandoversOf(ctx, tx, tenant, who, s.clock.Now().Add(-toldHandovers))
		if err != nil {
			return err
		}
		offered = append(offered, ordersIn(handovers)...)
		known, err := s.readOrders(ctx, tx, tenant, slices.Concat(ids, offered, pooled))
		if err != nil {
			return err
		}
		if err := known.readPay(ctx, tx, tenant, who, offered, pooled); err != nil {
			return err
		}
		if err := w.readPool(ctx, tx, s, tenant, who, lots, known); err != nil {
			return err
		}
		if err := known.readMeets(ctx, tx, tenant, append(stopsOf(handovers), plan.Stops...)); err != nil {
			return err
		}
		if w.Handovers, err = s.riderHandovers(ctx, tx, tenant, who, handovers, plan, known); err != nil {
			return err
		}
		arrived, err := rider.ArrivalsOf(ctx, tx, tenant, who, plan.Orders())
		if err != nil {
			return err
		}
		plan.Stops = s.live(tenant, who, v, plan.Stops, known)
		w.Plan = known.plan(plan)
		if err := w.Plan.changed(ctx, tx, tenant, plan, since); err != nil {
			return err
		}
		w.Plan.suggest(arrived)
		w.Offers = make([]Offer, len(offers))
		for i, f := range offers {
			w.Offers[i] = s.offerOf(tenant, f, known)
		}
		return nil
	})
	return w, err
}

// knownOrders are orders with their stores.
type knownOrders struct {
	orders map[id.Order]order.Order
	stores map[id.Store]order.Store
	shows  map[id.Zone]dispatch.Privacy
	pay    map[id.Order]tariff.Pay // of offered ones, where there is a tariff
	meets  map[id.Rider]string     // names of the colleagues whom stops are with
	now    time.Time
}

func (s *Server) readOrders(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ids []id.Order) (knownOrders, error) {
	k := knownOrders{orders: make(map[id.Order]order.Order, len(ids)), stores: make(map[id.Store]order.Store), now: s.clock.Now()}
	if len(ids) == 0 {
		return k, nil
	}
	found, err := order.GetMany(ctx, tx, tenant, ids)
	if err != nil {
		return k, err
	}
	var stores []id.Store
	var zones []id.Zone
	for _, o := range found {
		if !slices.Contains(zones, o.Zone) {
			zones = append(zones, o.Zone)
		}
		k.orders[o.ID] = o
		if _, ok := k.stores[o.Store]; !ok {
			k.stores[o.Store] = order.Store{}
			stores = append(stores, o.Store)
		}
	}
	if k.stores, err = order.StoresByID(ctx, tx, tenant, stores); err != nil {
		return k, err
	}
	k.shows, err = dispatch.PrivacyOf(ctx, tx, tenant, zones)
	return k, err
}

func (k knownOrders) riderOrder(o id.Order) RiderOrder {
	x := k.orders[o]
	return riderOrderOf(x, k.stores[x.Store], k.shows[x.Zone], k.now)
}

func (k knownOrders) plan(p rider.Plan) Plan {
	j := Plan{Changes: []PlanChange{}, Version: p.Version, Stops: k.stops(p.Stops, true), Orders: []RiderOrder{}}
	for _, o := range p.Orders() {
		j.Orders = append(j.Orders, k.riderOrder(o))
	}
	return j
}

// stops shows stops with the names of their places; customers' only when the orders are the rider's own.
func (k knownOrders) stops(stops []rider.Stop, own bool) []Stop {
	out := make([]Stop, len(stops))
	for i, st := range stops {
		o := k.orders[st.Order]
		j := Stop{OrderID: st.Order, Kind: st.Kind, Location: st.At, ArriveAt: st.ArriveAt.UTC(), DepartAt: st.DepartAt.UTC()}
		switch store := k.stores[o.Store]; {
		case st.Kind == rider.HandOver || st.Kind == rider.TakeOver:
			j.Name, j.HandoverID = k.meets[st.With], st.Handover
		case st.Kind == rider.Pickup:
			ready := o.ReadyTime()
			j.Name, j.Address, j.ReadyEstimate = store.Name, store.Address, &ready
		case own && o.State == order.Returning:
			j.Name, j.Address = store.Name, store.Address
		case own:
			j.Name, j.Address, j.Instructions = o.Dropoff.ContactName, o.Dropoff.Address, o.Dropoff.Instructions
		}
		out[i] = j
	}
	return out
}

func (s *Server) offerOf(tenant id.Tenant, f rider.Offer, k knownOrders) Offer {
	j := Offer{
		ID: f.ID, State: f.State, OrderIDs: notNil(f.Orders), Stops: k.stops(f.Stops, false), MadeAt: f.MadeAt.UTC(), ExpiresAt: f.ExpiresAt.UTC(),
		SeenAt: utc(f.SeenAt), AnsweredAt: utc(f.AnsweredAt), Reason: f.Reason, Orders: []OfferedOrder{},
	}
	if fix, ok := s.index.Last(tenant, f.Rider); ok && len(f.Stops) > 0 {
		j.DistanceM = new(int(geo.Distance(fix.LatLng, f.Stops[0].At)))
	}
	for _, oid := range f.Orders {
		j.Orders = append(j.Orders, k.offered(oid))
	}
	return j
}

// offered is what a rider may know of an order before taking it.
func (k knownOrders) offered(oid id.Order) OfferedOrder {
	o := k.orders[oid]
	pay, terms := k.earns(oid)
	return OfferedOrder{oid, k.stores[o.Store].Name, o.Pickup, o.Dropoff.At, o.ReadyTime(), o.PromiseAt, pay, terms}
}

func (s *Server) riderPlan(ctx context.Context, in *sincePlan) (*out[Plan], error) {
	who := riderOf(ctx)
	w, err := s.readWork(ctx, who.Tenant, who.Rider, who.Vehicle, in.Since)
	if err != nil {
		return nil, err
	}
	return answer(w.Plan), nil
}

func (s *Server) riderOffers(ctx context.Context, _ *empty) (*list[Offer], error) {
	who := riderOf(ctx)
	w, err := s.readWork(ctx, who.Tenant, who.Rider, who.Vehicle, 0)
	if err != nil {
		return nil, err
	}
	return listOf(w.Offers, ""), nil
}

// readStops reads the plans of several riders.
func readStops(ctx context.Context, tx pgx.Tx, tenant id.Tenant, riders []id.Rider) (map[id.Rider][]rider.Stop, error) {
	rows, err := tx.Query(ctx, "SELECT rider_id, stops FROM plans WHERE tenant_id = $1 AND rider_id = ANY ($2)", tenant, riders)
	if err != nil {
		return nil, fmt.Errorf("read plans: %w", err)
	}
	out := make(map[id.Rider][]rider.Stop, len(riders))
	var who id.Rider
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&who, &raw}, func() error {
		var stops []rider.Stop
		err := json.Unmarshal(raw, &stops)
		out[who] = stops
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read plans: %w", err)
	}
	return out, nil
}
