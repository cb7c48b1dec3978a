package rider

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

const offerColumns = "o.id, o.rider_id, o.zone_id, o.round_id, o.state, o.order_ids, o.stops, o.made_at, o.expires_at, o.seen_at, o.answered_at, coalesce(o.reason, '')"

func scanOffer(row pgx.CollectableRow) (Offer, error) {
	var o Offer
	var stops []byte
	err := row.Scan(&o.ID, &o.Rider, &o.Zone, &o.Round, &o.State, &o.Orders, &stops, &o.MadeAt, &o.ExpiresAt, &o.SeenAt, &o.AnsweredAt, &o.Reason)
	if err == nil {
		o.Stops, err = decodeStops(stops)
	}
	return o, err
}

func offers(ctx context.Context, tx pgx.Tx, what, sql string, args ...any) ([]Offer, error) {
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap(what, err)
	}
	out, err := pgx.CollectRows(rows, scanOffer)
	return out, wrap(what, err)
}

func oneOffer(list []Offer, err error) (Offer, error) {
	switch {
	case err != nil:
		return Offer{}, err
	case len(list) == 0:
		return Offer{}, ErrOfferNotFound
	}
	return list[0], nil
}

// GetOffer reads an offer. ErrOfferNotFound.
func GetOffer(ctx context.Context, tx pgx.Tx, tenant id.Tenant, offer id.Offer) (Offer, error) {
	return oneOffer(offers(ctx, tx, "read the offer",
		"select "+offerColumns+" from offers o where o.tenant_id = $1 and o.id = $2", tenant, offer))
}

// LockOffer reads an offer that nobody else may answer until the transaction ends. ErrOfferNotFound.
func LockOffer(ctx context.Context, tx pgx.Tx, tenant id.Tenant, offer id.Offer) (Offer, error) {
	return oneOffer(offers(ctx, tx, "lock the offer",
		"select "+offerColumns+" from offers o where o.tenant_id = $1 and o.id = $2 for update", tenant, offer))
}

// OpenOffers lists a zone's open offers, by id.
func OpenOffers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone) ([]Offer, error) {
	return offers(ctx, tx, "read open offers",
		"select "+offerColumns+" from offers o where o.tenant_id = $1 and o.zone_id = $2 and o.state = 'open' order by o.id", tenant, zone)
}

// ExpiredOffers lists a zone's open offers whose time is up at now, by id.
func ExpiredOffers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, now time.Time) ([]Offer, error) {
	return offers(ctx, tx, "read expired offers", "select "+offerColumns+
		" from offers o where o.tenant_id = $1 and o.zone_id = $2 and o.state = 'open' and o.expires_at <= $3 order by o.id", tenant, zone, now)
}

// maxOffersOf bounds a rider's history of offers.
const maxOffersOf = 100

// OffersOf lists a rider's open offers, or the latest 100 of any state, newest first.
func OffersOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, openOnly bool) ([]Offer, error) {
	sql := "select " + offerColumns + " from offers o where o.tenant_id = $1 and o.rider_id = $2"
	if openOnly {
		sql += " and o.state = 'open'"
	}
	return offers(ctx, tx, "read the rider's offers", sql+" order by o.id desc limit $3", tenant, rider, maxOffersOf)
}

// MarkSeen notes when the rider first saw an offer; later sights change nothing, and none counts that comes after the offer's end.
// ErrOfferNotFound.
func MarkSeen(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, offer id.Offer, at time.Time) error {
	tag, err := tx.Exec(ctx, `
		update offers set seen_at = greatest($4, made_at)
		where tenant_id = $1 and id = $2 and rider_id = $3 and (answered_at is null or answered_at > $4) and (seen_at is null or seen_at > greatest($4, made_at))`,
		tenant, offer, rider, at)
	if err != nil || tag.RowsAffected() == 1 {
		return wrap("mark the offer as seen", err)
	}
	var found bool
	err = tx.QueryRow(ctx, "select true from offers where tenant_id = $1 and id = $2 and rider_id = $3", tenant, offer, rider).Scan(&found)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrOfferNotFound
	}
	return wrap("mark the offer as seen", err)
}

// OffersByID reads those of the offers that the tenant has, by id.
func OffersByID(ctx context.Context, tx pgx.Tx, tenant id.Tenant, ids []id.Offer) ([]Offer, error) {
	return offers(ctx, tx, "read offers",
		"select "+offerColumns+" from offers o where o.tenant_id = $1 and o.id = any($2) order by o.id", tenant, ids)
}
