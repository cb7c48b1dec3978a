package order

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// The rows are locked as an UPDATE would (NO KEY), so that inserting rows that refer to an order, such as offers, need not wait.
const lockOrders = `select ` + columns + ` from orders where tenant_id = $1 and id = any($2) order by id for no key update`

// Lock reads those of the orders that the tenant has and locks their rows until the transaction ends, in the order of
// their ids, so that two writers never wait for each other in a circle. ApplyAll locks by itself; this is for who must look before.
func Lock(ctx context.Context, tx pgx.Tx, tenant id.Tenant, orders []id.Order) ([]Order, error) {
	os, err := collect(tx.Query(ctx, lockOrders, tenant, orders))
	if err != nil {
		return nil, fmt.Errorf("lock %d orders: %w", len(orders), err)
	}
	return os, nil
}
