package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// eraseOrder deletes what an order tells of its customer. An order erased before answers alike.
func (s *Server) eraseOrder(ctx context.Context, in *ByOrder) (*out[Order], error) {
	who := merchantOf(ctx)
	var j Order
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		o, err := ownOrder(ctx, tx, who, in.ID)
		if err == nil && o.EndedAt == nil {
			err = order.ErrOpen
		}
		if err == nil {
			_, err = order.Erase(ctx, tx, []id.Order{in.ID}, s.clock.Now())
		}
		if err == nil {
			o, err = ownOrder(ctx, tx, who, in.ID)
		}
		if err != nil {
			return err
		}
		shown, err := s.full(ctx, tx, who.Tenant, []order.Order{o})
		if err == nil {
			j = shown[0]
		}
		return err
	})
	if err == nil {
		err = s.erasePictures(ctx, who.Tenant)
	}
	if err != nil {
		return nil, err
	}
	return answer(j), nil
}

// erasePictures deletes those of all orders that are erased. What it leaves over when it fails a chore deletes within the hour.
func (s *Server) erasePictures(ctx context.Context, tenant id.Tenant) error {
	return order.ErasePictures(ctx, s.db, tenant, s.files, time.Time{})
}

type eraseCustomerInput struct {
	Body struct {
		Phone string `json:"phone" minLength:"1" maxLength:"50" doc:"As it was written in the orders' contact_phone."`
	}
}

// ErasedCustomer is what became of a customer's orders.
type ErasedCustomer struct {
	Erased []id.Order `json:"erased" doc:"Orders that have told of the customer until now."`
	Open   []id.Order `json:"open" doc:"Orders under way, which still need it: ask again once they have ended."`
}

func (s *Server) eraseCustomer(ctx context.Context, in *eraseCustomerInput) (*out[ErasedCustomer], error) {
	tenant := staffOf(ctx).Tenant
	var done ErasedCustomer
	err := s.db.Tx(ctx, tenant, func(tx pgx.Tx) (err error) {
		done.Erased, done.Open, err = order.EraseCustomer(ctx, tx, tenant, in.Body.Phone, s.clock.Now())
		return err
	})
	if err == nil {
		err = s.erasePictures(ctx, tenant)
	}
	if err != nil {
		return nil, err
	}
	done.Erased, done.Open = notNil(done.Erased), notNil(done.Open)
	return answer(done), nil
}
