package pg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// ErrLeaseLost says that somebody else holds the lease now, or that it was given back.
var ErrLeaseLost = errors.New("the lease is lost")

// Lease is the right of one owner to act alone, until it expires by the database's clock.
type Lease struct {
	Term      int64 // grows with every change of owner; no two owners ever share one
	Owner     string
	ExpiresAt time.Time
}

// AcquireLease takes a lease that is free or expired, or renews our own; false means that another owner holds it. An owner's name must
// be new for each process, or a restarted one would take itself for its predecessor.
//
// The lease alone saves double work; what makes a write safe is CheckLease in the write's own transaction.
func AcquireLease(ctx context.Context, tx pgx.Tx, tenant id.Tenant, name, owner string, ttl time.Duration) (Lease, bool, error) {
	if owner == "" {
		return Lease{}, false, errors.New("a lease needs an owner")
	}
	l := Lease{Owner: owner}
	// The clock is read after the row is locked, so a wait for the lock does not stretch an expired lease.
	err := tx.QueryRow(ctx, `
		insert into leases as l (tenant_id, name, owner, term, expires_at)
		values ($1, $2, $3, 1, clock_timestamp() + $4::interval)
		on conflict (tenant_id, name) do update set
			term = l.term + (l.owner <> excluded.owner)::int,
			owner = excluded.owner,
			expires_at = clock_timestamp() + $4::interval
		where l.owner = excluded.owner or l.expires_at <= clock_timestamp()
		returning term, expires_at`, tenant, name, owner, ttl).Scan(&l.Term, &l.ExpiresAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return Lease{}, false, nil
	}
	if err != nil {
		return Lease{}, false, fmt.Errorf("acquire the lease %s: %w", name, err)
	}
	return l, true, nil
}

// CheckLease returns ErrLeaseLost unless the term is still the current one, and keeps it current until tx ends: a successor waits.
// An expired lease that nobody has taken over passes: the holder is still the only one to have acted.
func CheckLease(ctx context.Context, tx pgx.Tx, tenant id.Tenant, name string, term int64) error {
	var one int
	err := tx.QueryRow(ctx, `
		select 1 from leases where tenant_id = $1 and name = $2 and term = $3 and owner <> '' for share`,
		tenant, name, term).Scan(&one)
	if errors.Is(err, pgx.ErrNoRows) {
		return ErrLeaseLost
	}
	if err != nil {
		return fmt.Errorf("check the lease %s: %w", name, err)
	}
	return nil
}

// ReleaseLease gives a lease back, so that another owner need not wait for it to expire. Releasing a lost one changes nothing.
func ReleaseLease(ctx context.Context, tx pgx.Tx, tenant id.Tenant, name string, term int64) error {
	// The row stays, so that terms go on growing.
	_, err := tx.Exec(ctx, `
		update leases set owner = '', expires_at = clock_timestamp() where tenant_id = $1 and name = $2 and term = $3`,
		tenant, name, term)
	if err != nil {
		return fmt.Errorf("release the lease %s: %w", name, err)
	}
	return nil
}
