package order

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// columns are those that scan reads, in its order.
const columns = `tenant_id, id, merchant_id, store_id, zone_id, coalesce(external_id, ''),
	state, version, rider_id, offer_id,
	pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, dropoff, load, weight_g, skills, vehicles, items, value_minor, currency,
	fee_minor, fee_currency, fee_tariff, fee_distance_m, fee_terms,
	placed_at, due_at, promise_at, accepted_at, ready_estimate, ready_at, assigned_at, at_store_at, picked_up_at, at_door_at, ended_at,
	declines, refused_by, coalesce(cancel_fault, ''), coalesce(cancel_reason, ''), updated_at`

// dropoffColumn is the dropoff column: what is told about the place besides where it is.
type dropoffColumn struct {
	Address      string `json:"address,omitempty"`
	ContactName  string `json:"contact_name,omitempty"`
	ContactPhone string `json:"contact_phone,omitempty"`
	Instructions string `json:"instructions,omitempty"`
}

func scan(row pgx.CollectableRow) (Order, error) {
	var o Order
	var dropoff, items []byte
	var fee feeColumns
	err := row.Scan(&o.Tenant, &o.ID, &o.Merchant, &o.Store, &o.Zone, &o.ExternalID,
		&o.State, &o.Version, &o.Rider, &o.Offer,
		&o.Pickup.Lat, &o.Pickup.Lng, &o.Dropoff.At.Lat, &o.Dropoff.At.Lng, &dropoff, &o.Load, &o.WeightG, &o.Skills, &o.Vehicles, &items,
		&o.Value.Minor, &o.Value.Currency,
		&fee.minor, &fee.currency, &fee.tariff, &fee.distance, &fee.terms,
		&o.PlacedAt, &o.DueAt, &o.PromiseAt, &o.AcceptedAt, &o.ReadyEstimate, &o.ReadyAt, &o.AssignedAt, &o.AtStoreAt, &o.PickedUpAt,
		&o.AtDoorAt, &o.EndedAt,
		&o.Declines, &o.RefusedBy, &o.CancelFault, &o.CancelReason, &o.UpdatedAt)
	if err != nil {
		return Order{}, err
	}
	var d dropoffColumn
	if err := json.Unmarshal(dropoff, &d); err != nil {
		return Order{}, fmt.Errorf("order %s: read its drop-off: %w", o.ID, err)
	}
	o.Dropoff.Address, o.Dropoff.ContactName, o.Dropoff.ContactPhone, o.Dropoff.Instructions =
		d.Address, d.ContactName, d.ContactPhone, d.Instructions
	if err := json.Unmarshal(items, &o.Items); err != nil {
		return Order{}, fmt.Errorf("order %s: read its items: %w", o.ID, err)
	}
	if o.Fee, err = fee.fee(); err != nil {
		return Order{}, fmt.Errorf("order %s: %w", o.ID, err)
	}
	o.inUTC()
	return o, nil
}

// inUTC undoes pgx's choice of the machine's zone.
func (o *Order) inUTC() {
	for _, t := range []*time.Time{&o.PlacedAt, &o.DueAt, &o.PromiseAt, &o.ReadyEstimate, &o.UpdatedAt} {
		*t = t.UTC()
	}
	for _, t := range []*time.Time{o.AcceptedAt, o.ReadyAt, o.AssignedAt, o.AtStoreAt, o.PickedUpAt, o.AtDoorAt, o.EndedAt} {
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
