package rider

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/audit"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

const handoverColumns = `h.id, h.zone_id, h.giver_id, h.taker_id, h.order_ids, h.state, h.actor_kind = 'dispatcher', h.actor_id, h.action_id, h.reason, h.stops,
	h.meet_lat, h.meet_lng, h.meet_at, h.meet_by, h.made_at, h.expires_at, h.seen_at, h.answered_at, h.ended_at, h.end_reason,
	array(select o.order_id from handover_orders o where o.tenant_id = h.tenant_id and o.handover_id = h.id and o.live order by o.order_id)`

func scanHandover(row pgx.CollectableRow) (Handover, error) {
	var h Handover
	var stops []byte
	var lat, lng *float64
	err := row.Scan(&h.ID, &h.Zone, &h.Giver, &h.Taker, &h.Orders, &h.State, &h.ByStaff, &h.By, &h.Action, &h.Reason, &stops,
		&lat, &lng, &h.MeetAt, &h.MeetBy, &h.MadeAt, &h.ExpiresAt, &h.SeenAt, &h.AnsweredAt, &h.EndedAt, &h.EndReason, &h.Left)
	if err != nil {
		return h, err
	}
	if lat != nil {
		h.Meet = &geo.LatLng{Lat: *lat, Lng: *lng}
	}
	h.Stops, err = decodeStops(stops)
	return h, err
}

func handovers(ctx context.Context, tx pgx.Tx, what, where string, args ...any) ([]Handover, error) {
	rows, err := tx.Query(ctx, "select "+handoverColumns+" from handovers h where h.tenant_id = $1 and "+where, args...)
	if err != nil {
		return nil, wrap(what, err)
	}
	out, err := pgx.CollectRows(rows, scanHandover)
	return out, wrap(what, err)
}

func oneHandover(list []Handover, err error) (Handover, error) {
	switch {
	case err != nil:
		return Handover{}, err
	case len(list) == 0:
		return Handover{}, ErrHandoverNotFound
	}
	return list[0], nil
}

// GetHandover reads a handover. ErrHandoverNotFound.
func GetHandover(ctx context.Context, tx pgx.Tx, tenant id.Tenant, handover id.Handover) (Handover, error) {
	return oneHandover(handovers(ctx, tx, "read the handover", "h.id = $2", tenant, handover))
}

// LockHandover reads a handover that nobody else may change until the transaction ends. ErrHandoverNotFound.
func LockHandover(ctx context.Context, tx pgx.Tx, tenant id.Tenant, handover id.Handover) (Handover, error) {
	// A statement of its own: what is left of it must be read after the lock is held.
	if _, err := tx.Exec(ctx, "select from handovers where tenant_id = $1 and id = $2 for update", tenant, handover); err != nil {
		return Handover{}, wrap("lock the handover", err)
	}
	return GetHandover(ctx, tx, tenant, handover)
}

// HandoverOfAction is the handover that somebody proposed by an act of that id. ErrHandoverNotFound.
func HandoverOfAction(ctx context.Context, tx pgx.Tx, tenant id.Tenant, by, action uuid.UUID) (Handover, error) {
	return oneHandover(handovers(ctx, tx, "read the handover", "h.actor_id = $2 and h.action_id = $3", tenant, by, action))
}

// LiveHandovers are the handovers in which some of the orders wait to change hands, by id.
func LiveHandovers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) ([]Handover, error) {
	return handovers(ctx, tx, "read the orders' handovers",
		"h.id in (select handover_id from handover_orders where tenant_id = $1 and order_id = any($2) and live) order by h.id", tenant, orders)
}

// MeetingsIn are a zone's accepted handovers, whose riders have yet to meet, by id.
func MeetingsIn(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Handover, error) {
	return handovers(ctx, tx, "read the zone's meetings", "h.zone_id = $2 and h.state = 'accepted' order by h.id", tenant, zone)
}

// Meetings are all accepted handovers, by id.
func Meetings(ctx context.Context, tx pgx.Tx, tenant id.Tenant) ([]Handover, error) {
	return handovers(ctx, tx, "read all meetings", "h.state = 'accepted' order by h.id", tenant)
}

// ExpireHandovers ends a zone's open handovers whose time is up at now, and returns them, by id, as they were.
func ExpireHandovers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) ([]Handover, error) {
	rows, err := tx.Query(ctx, `
		with due as (
			select id from handovers where tenant_id = $1 and zone_id = $2 and state = 'open' and expires_at <= $3 order by id for update
		), freed as (
			update handover_orders o set live = false from due where o.tenant_id = $1 and o.handover_id = due.id
		), over as (
			update handovers h set state = 'expired', ended_at = $3 from due where h.tenant_id = $1 and h.id = due.id
		)
		select `+handoverColumns+` from handovers h where h.tenant_id = $1 and h.id in (select id from due) order by h.id`, tenant, zone, now)
	if err != nil {
		return nil, wrap("expire handovers", err)
	}
	out, err := pgx.CollectRows(rows, scanHandover)
	return out, wrap("expire handovers", err)
}

// HandoversOf are a rider's handovers, given and taken: those that are live, and those that ended since a time, the newest first.
func HandoversOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, since time.Time) ([]Handover, error) {
	return handovers(ctx, tx, "read the rider's handovers",
		"(h.giver_id = $2 or h.taker_id = $2) and (h.ended_at is null or h.ended_at >= $3) order by h.id desc", tenant, rider, since)
}

// MeetingsOf are the accepted handovers that a rider gives or takes, by id.
func MeetingsOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider) ([]Handover, error) {
	return handovers(ctx, tx, "read the rider's meetings", "(h.giver_id = $2 or h.taker_id = $2) and h.state = 'accepted' order by h.id", tenant, rider)
}

// HandoverFilter chooses handovers for those who watch.
type HandoverFilter struct {
	Zone  id.Zone
	Order id.Order    // zero: any
	Live  bool        // only those that have not ended
	After id.Handover // the last one of the page before; zero for the first page
	Limit int
}

// ListHandovers reads handovers, the newest first.
func ListHandovers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, f HandoverFilter) ([]Handover, error) {
	return handovers(ctx, tx, "list handovers", `($2::uuid is null or h.zone_id = $2)
		and ($3::uuid is null or exists (select from handover_orders o where o.tenant_id = $1 and o.handover_id = h.id and o.order_id = $3))
		and (not $4 or h.ended_at is null) and ($5::uuid is null or h.id < $5) order by h.id desc limit $6`, tenant, f.Zone, f.Order, f.Live, f.After, f.Limit)
}

// ErrInHandover refuses an order that is in another live handover already.
var ErrInHandover = errors.New("rider: the order is in another handover")

// AddHandover inserts an open handover. ErrInHandover where another one has any of its orders; nothing is to be kept then, roll back.
func AddHandover(ctx context.Context, tx pgx.Tx, tenant id.Tenant, h Handover) error {
	stops, err := encodeStops(h.Stops)
	if err != nil {
		return wrap("propose a handover", err)
	}
	kind := "rider"
	if h.ByStaff {
		kind = "dispatcher"
	}
	var lat, lng *float64
	if h.Meet != nil {
		lat, lng = &h.Meet.Lat, &h.Meet.Lng
	}
	tag, err := tx.Exec(ctx, `
		with h as (
			insert into handovers (tenant_id, id, zone_id, giver_id, taker_id, order_ids, state, actor_kind, actor_id, action_id, reason, stops,
				meet_lat, meet_lng, made_at, expires_at)
			values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12, $13, $14, $15)
		)
		insert into handover_orders (tenant_id, handover_id, order_id, live)
		select $1, $2, o, true from unnest($6::uuid[]) o order by o on conflict (tenant_id, order_id) where live do nothing`,
		tenant, h.ID, h.Zone, h.Giver, h.Taker, h.Orders, kind, h.By, h.Action, h.Reason, stops, lat, lng, h.MadeAt, h.ExpiresAt)
	if err != nil {
		return wrap("propose a handover", err)
	}
	if tag.RowsAffected() != int64(len(h.Orders)) {
		return ErrInHandover
	}
	audit.Target(ctx, h.ID.String())
	return nil
}

// SaveHandover writes how a locked handover stands: state, meeting place, times, the end's reason, and which orders are left.
func SaveHandover(ctx context.Context, tx pgx.Tx, tenant id.Tenant, h Handover) error {
	var lat, lng *float64
	if h.Meet != nil {
		lat, lng = &h.Meet.Lat, &h.Meet.Lng
	}
	if _, err := tx.Exec(ctx, `update handover_orders set live = false where tenant_id = $1 and handover_id = $2 and live
		and order_id <> all(coalesce($3::uuid[], '{}'))`,
		tenant, h.ID, h.Left); err != nil {
		return wrap("save the handover", err)
	}
	_, err := tx.Exec(ctx, `update handovers set state = $3, meet_lat = $4, meet_lng = $5, meet_at = $6, answered_at = $7, ended_at = $8, end_reason = $9, meet_by = $10
		where tenant_id = $1 and id = $2`, tenant, h.ID, h.State, lat, lng, h.MeetAt, h.AnsweredAt, h.EndedAt, h.EndReason, h.MeetBy)
	return wrap("save the handover", err)
}

// ExpectAt notes when the giver of an accepted handover is expected at the meeting place now. It reports whether the two are still to meet.
func ExpectAt(ctx context.Context, tx pgx.Tx, tenant id.Tenant, handover id.Handover, at time.Time) (bool, error) {
	tag, err := tx.Exec(ctx, "update handovers set meet_at = $3 where tenant_id = $1 and id = $2 and state = 'accepted'", tenant, handover, at)
	return tag.RowsAffected() == 1, wrap("note when riders meet", err)
}

// MarkHandoverSeen notes when the taker first saw a handover. ErrHandoverNotFound.
func MarkHandoverSeen(ctx context.Context, tx pgx.Tx, tenant id.Tenant, taker id.Rider, handover id.Handover, at time.Time) error {
	tag, err := tx.Exec(ctx, `update handovers set seen_at = least(coalesce(seen_at, $4), greatest($4, made_at)) where tenant_id = $1 and id = $2 and taker_id = $3`,
		tenant, handover, taker, at)
	if err == nil && tag.RowsAffected() == 0 {
		return ErrHandoverNotFound
	}
	return wrap("mark the handover as seen", err)
}
