package order

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/paidan/paidan/internal/id"
)

const updateOrders = `update orders o set state = n.state, version = n.version, rider_id = n.rider_id, offer_id = n.offer_id,
		ready_estimate = n.ready_estimate, accepted_at = n.accepted_at, ready_at = n.ready_at, assigned_at = n.assigned_at,
		at_store_at = n.at_store_at, picked_up_at = n.picked_up_at, at_door_at = n.at_door_at, ended_at = n.ended_at,
		declines = n.declines, refused_by = n.refused_by::uuid[],
		cancel_fault = n.cancel_fault, cancel_reason = n.cancel_reason, updated_at = n.updated_at
	from unnest($2::uuid[], $3::text[], $4::bigint[], $5::uuid[], $6::uuid[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[],
			$10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[],
			$15::integer[], $16::text[], $17::text[], $18::text[], $19::timestamptz[])
		as n(id, state, version, rider_id, offer_id, ready_estimate, accepted_at, ready_at, assigned_at, at_store_at, picked_up_at,
			at_door_at, ended_at, declines, refused_by, cancel_fault, cancel_reason, updated_at)
	where o.tenant_id = $1 and o.id = n.id`

func (b *batch) write(ctx context.Context, tx pgx.Tx, tenant id.Tenant) error {
	if len(b.records) == 0 {
		return nil
	}
	os := make([]Order, 0, len(b.changed))
	for id := range b.changed {
		os = append(os, b.orders[id])
	}
	var q pgx.Batch
	want := int64(len(os))
	q.Queue(updateOrders, updateArgs(tenant, os)...).Exec(func(ct pgconn.CommandTag) error {
		if n := ct.RowsAffected(); n != want {
			return fmt.Errorf("%d of %d locked rows were there to update", n, want)
		}
		return nil
	})
	if len(b.detailed) > 0 {
		args, err := detailArgs(tenant, slices.DeleteFunc(os, func(o Order) bool { return !b.detailed[o.ID] }))
		if err != nil {
			return err
		}
		q.Queue(updateDetails, args...)
	}
	q.Queue(insertEvents, eventArgs(tenant, b.records)...)
	return tx.SendBatch(ctx, &q).Close()
}

// updateArgs are the arguments of updateOrders: one array per column.
func updateArgs(tenant id.Tenant, os []Order) []any {
	n := len(os)
	var (
		ids, states, versions          = make([]id.Order, n), make([]string, n), make([]int64, n)
		riders, offers                 = make([]id.Rider, n), make([]id.Offer, n)
		estimates, updated             = make([]time.Time, n), make([]time.Time, n)
		accepted, ready, assigned      = make([]*time.Time, n), make([]*time.Time, n), make([]*time.Time, n)
		atStore, pickedUp, atDoor, end = make([]*time.Time, n), make([]*time.Time, n), make([]*time.Time, n), make([]*time.Time, n)
		declines, refused              = make([]int32, n), make([]string, n)
		faults, reasons                = make([]*string, n), make([]*string, n)
	)
	for i, o := range os {
		ids[i], states[i], versions[i], riders[i], offers[i] = o.ID, string(o.State), o.Version, o.Rider, o.Offer
		estimates[i], updated[i] = o.ReadyEstimate, o.UpdatedAt
		accepted[i], ready[i], assigned[i] = o.AcceptedAt, o.ReadyAt, o.AssignedAt
		atStore[i], pickedUp[i], atDoor[i], end[i] = o.AtStoreAt, o.PickedUpAt, o.AtDoorAt, o.EndedAt
		declines[i], refused[i] = int32(o.Declines), uuidArray(o.RefusedBy)
		if o.State == Cancelled {
			faults[i], reasons[i] = &o.CancelFault, &o.CancelReason
		}
	}
	return []any{tenant, ids, states, versions, riders, offers, estimates, accepted, ready, assigned, atStore, pickedUp, atDoor, end,
		declines, refused, faults, reasons, updated}
}

// uuidArray writes PostgreSQL's text form of an array, because unnest would flatten arrays within an array.
func uuidArray(rs []id.Rider) string {
	words := make([]string, len(rs))
	for i, r := range rs {
		words[i] = r.UUID().String()
	}
	return "{" + strings.Join(words, ",") + "}"
}
