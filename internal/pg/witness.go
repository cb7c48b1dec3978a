package pg

import (
	"context"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"github.com/paidan/paidan/internal/id"
)

// Witness is told of the writing transactions (Tx and Reference) that are made with a context; see WithWitness. A transaction may turn
// out to have written nothing: Reference serves reads too.
type Witness interface {
	// Commits is called in a transaction whose work is done. What it writes through exec commits with it; its error rolls all of it back.
	Commits(ctx context.Context, tenant id.Tenant, exec Exec) error
	// Committed is called once that transaction has committed.
	Committed()
}

// Exec runs a statement with parameters $1, $2, … in a transaction, whichever library began it, and tells how many rows it
// touched. Parameters are plain: text, numbers, times; the statement casts them.
type Exec func(ctx context.Context, sql string, args ...any) (rows int64, err error)

type witnessKey struct{}

// WithWitness has w told of all writing transactions made with the context.
func WithWitness(ctx context.Context, w Witness) context.Context {
	return context.WithValue(ctx, witnessKey{}, w)
}

func witnessOf(ctx context.Context) Witness {
	w, _ := ctx.Value(witnessKey{}).(Witness)
	return w
}

func execOf(tx pgx.Tx) Exec {
	return func(ctx context.Context, sql string, args ...any) (int64, error) {
		tag, err := tx.Exec(ctx, sql, args...)
		return tag.RowsAffected(), err
	}
}

func execOfGORM(g *gorm.DB) Exec {
	return func(ctx context.Context, sql string, args ...any) (int64, error) {
		res, err := g.Statement.ConnPool.ExecContext(ctx, sql, args...)
		if err != nil {
			return 0, err
		}
		return res.RowsAffected()
	}
}
