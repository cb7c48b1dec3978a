package api

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// FeedEvent is one event among all of a merchant's.
type FeedEvent struct {
	ID         order.EventID `json:"id" doc:"Stays the same wherever the event is told."`
	OrderID    id.Order      `json:"order_id"`
	ExternalID string        `json:"external_id" doc:"The merchant's own id of the order; may be empty."`
	StoreID    id.Store      `json:"store_id"`
	JobID      id.Job        `json:"job_id" doc:"Of the order; empty: it goes alone."`
	OrderEvent
}

func feedEventOf(e order.FeedEvent) FeedEvent {
	shown := eventsOf([]order.RecordedEvent{e.RecordedEvent}, nil)[0]
	return FeedEvent{ID: e.ID(), OrderID: e.Order, ExternalID: e.ExternalID, StoreID: e.Store, JobID: e.Job, OrderEvent: shown}
}

type eventsQuery struct {
	After string `query:"after" maxLength:"100" doc:"next_cursor of the answer before; empty: from the beginning."`
	Limit int    `query:"limit" default:"100" minimum:"1" maximum:"1000"`
}

type eventsPage struct {
	Body struct {
		Data       []FeedEvent `json:"data"`
		NextCursor string      `json:"next_cursor" doc:"Send it as after, now or whenever you ask again: it is here also when there is nothing new."`
	}
}

// listEvents is the feed. Its cursor is always answered, so that a caller polls by repeating one call with what it got.
func (s *Server) listEvents(ctx context.Context, in *eventsQuery) (*eventsPage, error) {
	who := merchantOf(ctx)
	var after order.Cursor
	if err := after.UnmarshalText([]byte(in.After)); err != nil {
		return nil, invalid(FieldFault{"query.after", "is not a next_cursor of this feed; leave it out to begin at the beginning", in.After})
	}
	var events []order.FeedEvent
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) (err error) {
		events, after, err = order.Feed(ctx, tx, who.Tenant, who.Merchant, after, in.Limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	page := new(eventsPage)
	page.Body.Data = make([]FeedEvent, len(events))
	for i, e := range events {
		page.Body.Data[i] = feedEventOf(e)
	}
	next, err := after.MarshalText()
	page.Body.NextCursor = string(next)
	return page, err
}
