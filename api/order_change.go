package api

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// change does something to an order of the merchant and shows the order as it is then. An order never changes its merchant,
// so the check and the change may be two transactions.
func (s *Server) change(ctx context.Context, who merchant, oid id.Order, do func() (order.Order, error)) (*out[Order], error) {
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		_, err := ownOrder(ctx, tx, who, oid)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.shown(ctx, who.Tenant)(do())
}
