package rider

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// OfferCounts is how a rider's offers ended.
type OfferCounts struct {
	Accepted, Declined, Expired, Withdrawn int
}

// Answered is how many offers were the rider's to answer: all that ended but for those withdrawn.
func (c OfferCounts) Answered() int { return c.Accepted + c.Declined + c.Expired }

// CountOffers counts how the offers made to a rider since a time have ended.
func CountOffers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, since time.Time) (c OfferCounts, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) filter (where state = 'accepted'), count(*) filter (where state = 'declined'),
			count(*) filter (where state = 'expired'), count(*) filter (where state = 'withdrawn')
		from offers where tenant_id = $1 and rider_id = $2 and made_at >= $3`, tenant, rider, since).
		Scan(&c.Accepted, &c.Declined, &c.Expired, &c.Withdrawn)
	return c, wrap("count the rider's offers", err)
}
