package ledger

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// Correction is what a member of staff puts right by hand.
type Correction struct {
	Client   uuid.UUID // made by the client: the same twice is one
	Account  Account   // a merchant's or a rider's
	Amount   int64     // minor units, not 0: what the merchant owes more, or the rider is owed more; negative: less
	Currency string
	Reason   string
	Order    id.Order // that it is about; zero = none
	User     id.User
	At       time.Time
}

// ErrClientReused means that the client's id was used for another adjustment.
var ErrClientReused = errors.New("the client_id belongs to another adjustment")

// UnknownError means that an adjustment names what the tenant does not have.
type UnknownError struct{ Field string } // merchant_id, rider_id or order_id

func (e *UnknownError) Error() string { return e.Field + " names nothing of the tenant's" }

// Adjust posts a correction, once however often it is asked; the answer is the same. ErrClientReused, *UnknownError, *UnbalancedError.
func Adjust(ctx context.Context, tx pgx.Tx, tenant id.Tenant, c Correction) (Transaction, error) {
	t := Transaction{ID: id.NewTransaction(), Kind: Adjustment, At: c.At, Order: c.Order, Client: c.Client, User: c.User, Reason: c.Reason}
	t.move(Account{Kind: AdjustmentAccount}, c.Account, c.Account.owed(c.Amount), c.Currency)
	posted, err := Post(ctx, tx, tenant, &t)
	for _, x := range []struct{ constraint, field string }{
		{"ledger_postings_tenant_id_merchant_id_fkey", "merchant_id"}, {"ledger_postings_tenant_id_rider_id_fkey", "rider_id"},
		{"ledger_transactions_tenant_id_order_id_fkey", "order_id"},
	} {
		if pg.IsForeignKey(err, x.constraint) {
			return Transaction{}, &UnknownError{x.field}
		}
	}
	if err != nil || posted {
		return t, err
	}
	found, err := List(ctx, tx, tenant, Filter{Client: c.Client, Limit: 1})
	if err != nil {
		return Transaction{}, err
	}
	if len(found) != 1 {
		return Transaction{}, fmt.Errorf("adjustment %s is there and can't be found", c.Client)
	}
	if e := found[0]; e.Order != t.Order || e.Reason != t.Reason || !slices.Equal(e.Postings, t.Postings) {
		return Transaction{}, ErrClientReused
	}
	return found[0], nil
}
