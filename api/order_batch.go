package api

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"reflect"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/jackc/pgx/v5"
)

// batchRow is an order of a batch as it came. Each is checked on its own, so that a bad one leaves the others alone.
type batchRow struct{ json.RawMessage }

// Schema says what a row should be.
func (batchRow) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[NewOrder](), true, "")
}

// maxBatch is how many orders a batch may have.
const maxBatch = 500

// NewOrders is a batch. What it has besides is kept by name, because its schema is not checked as a whole, for the sake of its good rows.
type NewOrders struct {
	Orders    []batchRow `json:"orders" minItems:"1" maxItems:"500"`
	strangers []string
}

// UnmarshalJSON reads a batch.
func (n *NewOrders) UnmarshalJSON(b []byte) error {
	type plain NewOrders
	if err := json.Unmarshal(b, (*plain)(n)); err != nil {
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return err
	}
	delete(fields, "orders")
	n.strangers = slices.Sorted(maps.Keys(fields))
	return nil
}

type createOrdersInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"The same key and body within 24 hours give the same answer, and no further order."`
	Body           NewOrders
}

// PlacedRow is what became of one order of a batch.
type PlacedRow struct {
	Index  int               `json:"index" doc:"In the batch, from 0."`
	Status int               `json:"status" doc:"What a request for this order alone would have been answered with: 201, or the problem's."`
	Order  nullable[Order]   `json:"order"`
	Error  nullable[Problem] `json:"error"`
}

// BatchAnswer is what became of a batch.
type BatchAnswer struct {
	Placed int         `json:"placed" doc:"How many of the orders exist now."`
	Data   []PlacedRow `json:"data" doc:"One for each order sent, in the same order."`
}

// createOrders places what is good of a batch in one transaction, and says of each other row what is wrong.
func (s *Server) createOrders(ctx context.Context, in *createOrdersInput) (*out[BatchAnswer], error) {
	who, now := merchantOf(ctx), s.clock.Now()
	if n := len(in.Body.Orders); n < 1 || n > maxBatch {
		return nil, invalid(FieldFault{"orders", "must have 1 to 500 orders", n})
	}
	if len(in.Body.strangers) > 0 {
		var faults []FieldFault
		for _, name := range in.Body.strangers {
			faults = append(faults, FieldFault{name, "unexpected property", nil})
		}
		return nil, invalid(faults...)
	}
	b := batch{rows: make([]*placing, len(in.Body.Orders))}
	for i, row := range in.Body.Orders {
		p := &placing{who: who, now: now}
		if p.err = s.readRow(ctx, &b, row, p); p.err != nil && problemOf(p.err).Status >= http.StatusInternalServerError {
			return nil, p.err
		}
		b.rows[i] = p
	}
	var a BatchAnswer
	var replayed bool
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error {
		if key := in.IdempotencyKey; key != "" {
			earlier, err := claimBatchKey(ctx, tx, who, key, bodyHash(b.sent), now)
			if err != nil {
				return err
			}
			if replayed = earlier != nil; replayed {
				return json.Unmarshal(earlier, &a)
			}
		}
		for rows := b.rows; len(rows) > 0; rows = again(rows) {
			if err := place(ctx, tx, who.Tenant, rows); err != nil {
				return err
			}
		}
		a = s.batchAnswer(b)
		if in.IdempotencyKey == "" {
			return nil
		}
		return keepAnswer(ctx, tx, who, in.IdempotencyKey, a)
	})
	if err != nil {
		return nil, err
	}
	if !replayed {
		s.tellPlaced(who.Tenant, b.rows)
	}
	return answer(a), nil
}

// again are the rows that waited for another's quote in vain: they may have it.
func again(rows []*placing) (out []*placing) {
	for _, p := range rows {
		if p.again {
			p.again, p.after = false, nil
			out = append(out, p)
		}
	}
	return out
}

// batch is the rows of one request.
type batch struct {
	rows []*placing
	sent []any // as they were understood, for the key
}

// readRow checks one row as a request of its own would be, and builds its order.
func (s *Server) readRow(ctx context.Context, b *batch, row batchRow, p *placing) error {
	var v any
	if err := json.Unmarshal(row.RawMessage, &v); err != nil {
		return invalid(FieldFault{"body", err.Error(), nil})
	}
	b.sent = append(b.sent, v)
	var found huma.ValidateResult
	path := huma.NewPathBuffer(make([]byte, 0, 128), 0)
	path.Push("body")
	huma.Validate(s.schemas, s.newOrder, path, huma.ModeWriteToServer, v, &found)
	if len(found.Errors) > 0 {
		return humaProblem(http.StatusUnprocessableEntity, "The order is not valid.", found.Errors)
	}
	n := NewOrder{Load: 1} // the schema's default
	if err := json.Unmarshal(row.RawMessage, &n); err != nil {
		return invalid(FieldFault{"body", err.Error(), nil})
	}
	return s.prepare(ctx, p, n)
}

func (s *Server) batchAnswer(b batch) BatchAnswer {
	a := BatchAnswer{Data: make([]PlacedRow, len(b.rows))}
	for i, p := range b.rows {
		row := PlacedRow{Index: i, Status: http.StatusCreated}
		if p.err != nil {
			fault := problemOf(p.err)
			row.Status, row.Error = fault.Status, some(*fault)
		} else {
			a.Placed++
			row.Order = some(s.placedOrder(p.order))
		}
		a.Data[i] = row
	}
	return a
}
