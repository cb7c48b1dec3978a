package order

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Lock reads those of the orders that the tenant has and locks their rows until the transaction ends, in the order of
// their ids, so that two writers never wait for each other in a circle.
func Lock(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) ([]Order, error) {
	os, err := collect(tx.Query(ctx, `select `+columns+` from orders where tenant_id = $1 and id = any($2) order by id for update`, tenant, orders))
	if err != nil {
		return nil, fmt.Errorf("lock %d orders: %w", len(orders), err)
	}
	return os, nil
}
