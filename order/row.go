package order

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/geo"
)

// columns are those that scan reads, in its order.
const columns = `tenant_id, id, merchant_id, store_id, zone_id, coalesce(external_id, ''), job_id,
	state, version, rider_id, offer_id,
	pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, dropoff, load, weight_g, skills, vehicles, items, value_minor, currency,
	fee_minor, fee_currency, fee_tariff, fee_distance_m, fee_terms,
	cash_minor, cash_currency, tip_minor, tip_currency, demand, tags, metadata,
	placed_at, due_at, promise_at, deliver_after, deliver_before, accepted_at, ready_estimate, ready_at, assigned_at, at_store_at, picked_up_at, at_door_at, ended_at,
	declines, refused_by, coalesce(cancel_fault, ''), coalesce(cancel_reason, ''), updated_at, erased_at`

// dropoffColumn is the dropoff column: what is told about the place besides where it is.
type dropoffColumn struct {
	Address      string `json:"address,omitempty"`
	Floor        string `json:"floor,omitempty"`
	Unit         string `json:"unit,omitempty"`
	GateCode     string `json:"gate_code,omitempty"`
	ContactName  string `json:"contact_name,omitempty"`
	ContactPhone string `json:"contact_phone,omitempty"`
	Instructions string `json:"instructions,omitempty"`
	LeaveAtDoor  bool   `json:"leave_at_door,omitempty"`
}

func (d Dropoff) column() dropoffColumn {
	return dropoffColumn{d.Address, d.Floor, d.Unit, d.GateCode, d.ContactName, d.ContactPhone, d.Instructions, d.LeaveAtDoor}
}

func (c dropoffColumn) dropoff(at geo.LatLng) Dropoff {
	return Dropoff{at, c.Address, c.Floor, c.Unit, c.GateCode, c.ContactName, c.ContactPhone, c.Instructions, c.LeaveAtDoor}
}

func scan(row pgx.CollectableRow) (Order, error) {
	var o Order
	var dropoff, items, demand, metadata []byte
	var door geo.LatLng
	var fee feeColumns
	err := row.Scan(&o.Tenant, &o.ID, &o.Merchant, &o.Store, &o.Zone, &o.ExternalID, &o.Job,
		&o.State, &o.Version, &o.Rider, &o.Offer,
		&o.Pickup.Lat, &o.Pickup.Lng, &door.Lat, &door.Lng, &dropoff, &o.Load, &o.WeightG, &o.Skills, &o.Vehicles, &items,
		&o.Value.Minor, &o.Value.Currency,
		&fee.minor, &fee.currency, &fee.tariff, &fee.distance, &fee.terms,
		&o.Cash.Minor, &o.Cash.Currency, &o.Tip.Minor, &o.Tip.Currency, &demand, &o.Tags, &metadata,
		&o.PlacedAt, &o.DueAt, &o.PromiseAt, &o.DeliverAfter, &o.DeliverBefore, &o.AcceptedAt, &o.ReadyEstimate, &o.ReadyAt, &o.AssignedAt, &o.AtStoreAt, &o.PickedUpAt,
		&o.AtDoorAt, &o.EndedAt,
		&o.Declines, &o.RefusedBy, &o.CancelFault, &o.CancelReason, &o.UpdatedAt, &o.ErasedAt)
	if err != nil {
		return Order{}, err
	}
	var d dropoffColumn
	if err := json.Unmarshal(dropoff, &d); err != nil {
		return Order{}, fmt.Errorf("order %s: read its drop-off: %w", o.ID, err)
	}
	o.Dropoff = d.dropoff(door)
	if err := json.Unmarshal(items, &o.Items); err != nil {
		return Order{}, fmt.Errorf("order %s: read its items: %w", o.ID, err)
	}
	if o.Fee, err = fee.fee(); err != nil {
		return Order{}, fmt.Errorf("order %s: %w", o.ID, err)
	}
	if err := json.Unmarshal(demand, &o.Demand); err != nil {
		return Order{}, fmt.Errorf("order %s: read the proof it demands: %w", o.ID, err)
	}
	if err := json.Unmarshal(metadata, &o.Metadata); err != nil {
		return Order{}, fmt.Errorf("order %s: read its metadata: %w", o.ID, err)
	}
	o.inUTC()
	return o, nil
}

// inUTC undoes pgx's choice of the machine's zone.
func (o *Order) inUTC() {
	for _, t := range []*time.Time{&o.PlacedAt, &o.DueAt, &o.PromiseAt, &o.ReadyEstimate, &o.UpdatedAt} {
		*t = t.UTC()
	}
	for _, t := range []*time.Time{o.DeliverAfter, o.DeliverBefore, o.AcceptedAt, o.ReadyAt, o.AssignedAt, o.AtStoreAt, o.PickedUpAt, o.AtDoorAt, o.EndedAt, o.ErasedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
}

// collect reads all orders of a query that selects columns.
func collect(rows pgx.Rows, err error) ([]Order, error) {
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}
