package api

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/order"
)

// OrderChange is what shall change of an order; what is left out stays. docs/updates.md says until when each field may.
type OrderChange struct {
	Version       *int64             `json:"version,omitempty" minimum:"1" doc:"Of the order as you saw it; the header If-Match says the same. 409 where it has changed."`
	Dropoff       *DropoffChange     `json:"dropoff,omitempty" nullable:"false"`
	Items         *[]Item            `json:"items,omitempty" maxItems:"200" nullable:"false"`
	DeliverAfter  *time.Time         `json:"deliver_after,omitempty"`
	DeliverBefore *time.Time         `json:"deliver_before,omitempty"`
	PromiseAt     *time.Time         `json:"promise_at,omitempty"`
	Tip           *Money             `json:"tip,omitempty" nullable:"false"`
	Tags          *[]string          `json:"tags,omitempty" maxItems:"20" nullable:"false"`
	Metadata      *map[string]string `json:"metadata,omitempty" nullable:"false" doc:"Replaces all."`
}

// DropoffChange is what shall change of where an order goes.
type DropoffChange struct {
	Location     *geo.LatLng `json:"location,omitempty" nullable:"false"`
	Address      *string     `json:"address,omitempty" maxLength:"500"`
	Floor        *string     `json:"floor,omitempty" maxLength:"20"`
	Unit         *string     `json:"unit,omitempty" maxLength:"50"`
	GateCode     *string     `json:"gate_code,omitempty" maxLength:"50"`
	ContactName  *string     `json:"contact_name,omitempty" maxLength:"200"`
	ContactPhone *string     `json:"contact_phone,omitempty" maxLength:"50"`
	Instructions *string     `json:"instructions,omitempty" maxLength:"2000"`
	LeaveAtDoor  *bool       `json:"leave_at_door,omitempty"`
}

// UpdateAnswer is the order after an update.
type UpdateAnswer struct {
	Order
	Effect UpdateEffect `json:"effect"`
}

// UpdateEffect is what an update did to the times.
type UpdateEffect struct {
	PromiseBefore time.Time  `json:"promise_before"`
	PromiseAfter  time.Time  `json:"promise_after"`
	EtaBefore     *time.Time `json:"eta_before"`
	EtaAfter      *time.Time `json:"eta_after"`
}

type updateOrderInput struct {
	ByOrder
	IfMatch        string `header:"If-Match" maxLength:"40" doc:"The version that you saw."`
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"The same key on the same order is the same update."`
	Body           OrderChange
}

func (s *Server) updateOrder(ctx context.Context, in *updateOrderInput) (*out[UpdateAnswer], error) {
	who, now := merchantOf(ctx), s.clock.Now()
	version, faults := in.version()
	if faults = append(faults, in.Body.check(now)...); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	c := dispatch.Change{Update: in.Body.update(), Actor: who.actor(), IfVersion: version}
	if in.IdempotencyKey != "" {
		c.Action = uuid.NewSHA1(who.Merchant.UUID(), []byte("update\x00"+in.IdempotencyKey))
	}
	var before []Order
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		o, err := ownOrder(ctx, tx, who, in.ID)
		if err != nil {
			return err
		}
		if at := c.Update.At; at != nil && geo.Distance(o.Pickup, *at) > maxTrip {
			return refuse(codeTooFar, "The drop-off is more than 100 km from the store.")
		}
		before, err = s.full(ctx, tx, who.Tenant, []order.Order{o})
		return err
	})
	if err != nil {
		return nil, err
	}
	after, err := s.shown(ctx, who.Tenant)(s.dispatch.Update(ctx, who.Tenant, in.ID, c))
	if err != nil {
		return nil, err
	}
	return answer(UpdateAnswer{Order: after.Body, Effect: UpdateEffect{
		before[0].PromiseAt, after.Body.PromiseAt, before[0].EtaAt, after.Body.EtaAt,
	}}), nil
}

// version is the one that the caller saw, told in the body or as an entity tag; 0 = none told.
func (in *updateOrderInput) version() (int64, []FieldFault) {
	if in.Body.Version != nil {
		return *in.Body.Version, nil
	}
	if in.IfMatch == "" || in.IfMatch == "*" {
		return 0, nil
	}
	v, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(in.IfMatch, "W/"), `"`), 10, 64)
	if err != nil || v < 1 {
		return 0, []FieldFault{{"header.If-Match", "must be the order's version", in.IfMatch}}
	}
	return v, nil
}

func (c OrderChange) check(now time.Time) []FieldFault {
	var faults []FieldFault
	for field, t := range map[string]*time.Time{"deliver_after": c.DeliverAfter, "deliver_before": c.DeliverBefore, "promise_at": c.PromiseAt} {
		if t != nil && (t.Before(now.Add(-time.Hour)) || t.After(now.Add(horizon))) {
			faults = append(faults, FieldFault{field, "must lie between now and 60 days from now", t.Format(time.RFC3339)})
		}
	}
	if c.Tags != nil {
		faults = append(faults, checkWords("tags", *c.Tags, maxTag)...)
	}
	if c.Metadata != nil {
		faults = append(faults, checkMetadata(*c.Metadata)...)
	}
	return faults
}

func (c OrderChange) update() order.Update {
	u := order.Update{DeliverAfter: c.DeliverAfter, DeliverBefore: c.DeliverBefore, PromiseAt: c.PromiseAt, Tags: c.Tags, Metadata: c.Metadata}
	if d := c.Dropoff; d != nil {
		u.At, u.Address, u.Floor, u.Unit, u.GateCode = d.Location, d.Address, d.Floor, d.Unit, d.GateCode
		u.ContactName, u.ContactPhone, u.Instructions, u.LeaveAtDoor = d.ContactName, d.ContactPhone, d.Instructions, d.LeaveAtDoor
	}
	if c.Items != nil {
		items := make([]order.Item, len(*c.Items))
		for i, x := range *c.Items {
			items[i] = order.Item(x)
		}
		u.Items = &items
	}
	if c.Tip != nil {
		u.Tip = new(c.Tip.money())
	}
	return u
}
