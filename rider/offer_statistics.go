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

// CountOffers counts how the offers made to a rider in a time have ended: from included, to not.
func CountOffers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, from, to time.Time) (c OfferCounts, err error) {
	err = tx.QueryRow(ctx, `
		select count(*) filter (where state = 'accepted'), count(*) filter (where state = 'declined'),
			count(*) filter (where state = 'expired'), count(*) filter (where state = 'withdrawn')
		from offers where tenant_id = $1 and rider_id = $2 and made_at >= $3 and made_at < $4`, tenant, rider, from, to).
		Scan(&c.Accepted, &c.Declined, &c.Expired, &c.Withdrawn)
	return c, wrap("count the rider's offers", err)
}

// Reasons counts why a rider declined the offers made in a time (from included, to not), by the word that the phone sent, and how the rider's claims from
// the pool of that time ended, by state and reason ("lost taken").
func Reasons(ctx context.Context, tx pgx.Tx, tenant id.Tenant, rider id.Rider, from, to time.Time) (declined, claims map[string]int, err error) {
	if declined, err = countWords(ctx, tx, `select coalesce(reason, ''), count(*) from offers
		where tenant_id = $1 and rider_id = $2 and made_at >= $3 and made_at < $4 and state = 'declined' group by 1`, tenant, rider, from, to); err != nil {
		return nil, nil, err
	}
	claims, err = countWords(ctx, tx, `select trim(state || ' ' || reason), count(*) from pool_claims
		where tenant_id = $1 and rider_id = $2 and at >= $3 and at < $4 group by 1`, tenant, rider, from, to)
	return declined, claims, err
}

func countWords(ctx context.Context, tx pgx.Tx, query string, args ...any) (map[string]int, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, wrap("count the rider's answers", err)
	}
	out := make(map[string]int)
	var word string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&word, &n}, func() error { out[word] = n; return nil })
	return out, wrap("count the rider's answers", err)
}
