package order

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/blob"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// uploadsUntil is how long after an order's end pictures of it are taken: a phone may have had no network.
const uploadsUntil = 48 * time.Hour

// PicturesAtLeast is the shortest time after an order's end for which its pictures can be kept: no new ones come any more.
const PicturesAtLeast = uploadsUntil

// erasedAtOnce bounds the orders of one transaction or pass.
const erasedAtOnce = 500

// ErasePictures deletes the pictures of orders that were erased, or ended before a time. The files go first and then the rows that name them, so
// that whatever is interrupted is found again.
func ErasePictures(ctx context.Context, db *pg.DB, tenant id.Tenant, files interface {
	Drop(context.Context, blob.Folder) error
}, endedBefore time.Time) error {
	for {
		var due []id.Order
		err := db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
			due, err = orderIDs(ctx, tx, `select distinct o.id from proofs p join orders o on o.tenant_id = p.tenant_id and o.id = p.order_id
				where p.tenant_id = $1 and (o.erased_at is not null or o.ended_at < $2) order by o.id limit $3`, tenant, endedBefore, erasedAtOnce)
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
		for _, o := range due {
			if err := files.Drop(ctx, blob.Folder{Tenant: tenant, Order: o}); err != nil {
				return err
			}
		}
		err = db.Tx(ctx, tenant, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, `delete from proofs where tenant_id = $1 and order_id = any($2)`, tenant, due)
			return err
		})
		if err != nil {
			return fmt.Errorf("erase pictures of tenant %s: %w", tenant, err)
		}
	}
}

// EraseBefore erases the customers of all orders that ended before a time.
func EraseBefore(ctx context.Context, db *pg.DB, tenant id.Tenant, endedBefore, now time.Time) error {
	for {
		var due []id.Order
		err := db.Tx(ctx, tenant, func(tx pgx.Tx) (err error) {
			if due, err = Unerased(ctx, tx, tenant, endedBefore, erasedAtOnce); err == nil && len(due) > 0 {
				_, err = Erase(ctx, tx, due, now)
			}
			return err
		})
		if err != nil || len(due) == 0 {
			return err
		}
	}
}
