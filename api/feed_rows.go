package api

import (
	"encoding/json"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// OrderRow is an order in the console's list and on its map.
type OrderRow struct {
	ID            id.Order    `json:"id"`
	ExternalID    string      `json:"external_id"`
	JobID         id.Job      `json:"job_id" doc:"With whose orders one rider carries it; empty: it goes alone."`
	State         order.State `json:"state" enum:"scheduled,pending,offered,assigned,at_store,picked_up,at_door,delivered,returning,returned,cancelled"`
	Version       int64       `json:"version"`
	StoreID       id.Store    `json:"store_id"`
	StoreName     string      `json:"store_name"`
	ZoneID        id.Zone     `json:"zone_id"`
	RiderID       id.Rider    `json:"rider_id" doc:"Who has it; empty: nobody."`
	OfferRiderID  id.Rider    `json:"offer_rider_id" doc:"Who is being asked; empty: nobody."`
	PlacedAt      time.Time   `json:"placed_at"`
	DueAt         time.Time   `json:"due_at"`
	PromiseAt     time.Time   `json:"promise_at"`
	ReadyEstimate time.Time   `json:"ready_estimate"`
	ReadyAt       *time.Time  `json:"ready_at"`
	EtaAt         *time.Time  `json:"eta_at"`
	PickedUpAt    *time.Time  `json:"picked_up_at"`
	EndedAt       *time.Time  `json:"ended_at"`
	Pickup        geo.LatLng  `json:"pickup"`
	Dropoff       geo.LatLng  `json:"dropoff"`
	Address       string      `json:"address"`
	Reason        string      `json:"reason" doc:"Why it waits: no_rider, skill, refused, shift_end, capacity, detour, together, not_worth, held, offer_open, no_position; empty: it does not."`
	Declines      int         `json:"declines"`
}

// RowStop is a stop of a rider's plan on the map.
type RowStop struct {
	OrderID  id.Order       `json:"order_id"`
	Kind     rider.StopKind `json:"kind" enum:"pickup,dropoff,hand_over,take_over"`
	Lat      float64        `json:"lat"`
	Lng      float64        `json:"lng"`
	ArriveAt time.Time      `json:"arrive_at"`
}

// RiderRow is a rider on shift; one whose presence is offline has left.
type RiderRow struct {
	ID          id.Rider       `json:"id"`
	Name        string         `json:"name"`
	Vehicle     rider.Vehicle  `json:"vehicle"`
	Presence    rider.Presence `json:"presence" enum:"offline,idle,working,stale"`
	Lat         *float64       `json:"lat" doc:"Null until the first position."`
	Lng         *float64       `json:"lng"`
	Heading     *float64       `json:"heading"`
	At          *time.Time     `json:"at" doc:"Of the position."`
	Orders      []id.Order     `json:"orders"`
	Stops       []RowStop      `json:"stops"`
	Capacity    int            `json:"capacity"`
	MaxOrders   int            `json:"max_orders"`
	ShiftEndsAt time.Time      `json:"shift_ends_at"`
}

// StoreRow is a store on the map.
type StoreRow struct {
	ID       id.Store   `json:"id"`
	Name     string     `json:"name"`
	Location geo.LatLng `json:"location"`
}

// KPI are a zone's figures.
type KPI struct {
	Now             time.Time              `json:"now"`
	Open            int                    `json:"open"`
	Pending         int                    `json:"pending"`
	Offered         int                    `json:"offered"`
	Assigned        int                    `json:"assigned"`
	PickedUp        int                    `json:"picked_up"`
	Late            int                    `json:"late" doc:"Open, and the promise has passed."`
	AtRisk          int                    `json:"at_risk" doc:"Open, and expected after the promise."`
	RidersOnShift   int                    `json:"riders_on_shift"`
	RidersIdle      int                    `json:"riders_idle"`
	RidersWorking   int                    `json:"riders_working"`
	RidersStale     int                    `json:"riders_stale"`
	Delivered1h     int                    `json:"delivered_1h"`
	ClickToDoorMean *float64               `json:"click_to_door_mean_s" doc:"Of the last hour; null when nothing was delivered."`
	Round           nullable[RoundFigures] `json:"round" doc:"The last dispatch round."`
}

// RoundFigures sum up a dispatch round.
type RoundFigures struct {
	At         time.Time `json:"at"`
	TookMS     float64   `json:"took_ms"`
	Orders     int       `json:"orders"`
	Riders     int       `json:"riders"`
	Offered    int       `json:"offered"`
	Assigned   int       `json:"assigned"`
	Held       int       `json:"held"`
	Unassigned int       `json:"unassigned"`
}

// Snapshot is all that a console needs to begin.
type Snapshot struct {
	Now    time.Time  `json:"now"`
	Speed  float64    `json:"speed" doc:"Seconds of the server's clock in a second of the wall's."`
	Orders []OrderRow `json:"orders"`
	Riders []RiderRow `json:"riders"`
	Stores []StoreRow `json:"stores"`
	Alerts []AlertRow `json:"alerts"`
	KPI    KPI        `json:"kpi"`
}

// OrdersChanged are rows that changed, and orders to forget.
type OrdersChanged struct {
	Now  time.Time  `json:"now"`
	Rows []OrderRow `json:"rows"`
	Gone []id.Order `json:"gone" doc:"Ended more than 10 minutes ago."`
}

// RidersChanged are rows that changed.
type RidersChanged struct {
	Now  time.Time  `json:"now"`
	Rows []RiderRow `json:"rows"`
}

// PositionsChanged are riders that moved.
type PositionsChanged struct {
	Now time.Time            `json:"now"`
	P   [][5]json.RawMessage `json:"p" doc:"[rider_id, lat, lng, heading or null, milliseconds since 1970] each."`
}

var consoleEvents = []streamEvent{
	{"snapshot", Snapshot{}, "First."},
	{"orders", OrdersChanged{}, "Orders changed."},
	{"riders", RidersChanged{}, "Riders came, went, or have another plan or presence."},
	{"positions", PositionsChanged{}, "Riders moved; at most twice a second."},
	{"alerts", AlertsChanged{}, "Incidents were reported or acknowledged. An open alarm is told again every 15 seconds."},
	{"kpi", KPI{}, "Every two seconds."},
}

// rowOf is an order's row without what other tables know of it.
func rowOf(o order.Order, store string, stops []rider.Stop) OrderRow {
	return OrderRow{
		ID: o.ID, ExternalID: o.ExternalID, JobID: o.Job, State: o.State, Version: o.Version, StoreID: o.Store, StoreName: store, ZoneID: o.Zone, RiderID: o.Rider,
		PlacedAt: o.PlacedAt, DueAt: o.DueAt, PromiseAt: o.PromiseAt, ReadyEstimate: o.ReadyEstimate, ReadyAt: o.ReadyAt, EtaAt: etaOf(o, stops),
		PickedUpAt: o.PickedUpAt, EndedAt: o.EndedAt, Pickup: o.Pickup, Dropoff: o.Dropoff.At, Address: o.Dropoff.Address, Declines: o.Declines,
	}
}

// riderOnShift is what the feed keeps of a rider.
type riderOnShift struct {
	riderAtWork
	stops []rider.Stop
}

// riderAtWork is the part that can be compared.
type riderAtWork struct {
	id        id.Rider
	name      string
	vehicle   rider.Vehicle
	capacity  int
	maxOrders int
	endsAt    time.Time
}

// presence is what the rider does, as far as can be told.
func (r riderOnShift) presence(fix *rider.Fix, now time.Time) rider.Presence {
	return rider.PresenceOf(rider.PresenceInput{OnShift: true, Last: fix, Stops: len(r.stops), Now: now})
}

func (r riderOnShift) row(fix *rider.Fix, now time.Time) RiderRow {
	row := RiderRow{
		ID: r.id, Name: r.name, Vehicle: r.vehicle, Capacity: r.capacity, MaxOrders: r.maxOrders, ShiftEndsAt: r.endsAt.UTC(),
		Presence: r.presence(fix, now),
		Orders:   notNil(rider.Plan{Stops: r.stops}.Orders()), Stops: make([]RowStop, len(r.stops)),
	}
	for i, st := range r.stops {
		row.Stops[i] = RowStop{st.Order, st.Kind, st.At.Lat, st.At.Lng, st.ArriveAt.UTC()}
	}
	if fix != nil {
		row.Lat, row.Lng, row.Heading, row.At = &fix.Lat, &fix.Lng, fix.HeadingDeg, new(fix.At.UTC())
	}
	return row
}
