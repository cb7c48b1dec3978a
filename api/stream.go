package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
)

const eventStream = "text/event-stream"

// streamEvent documents one event of a stream.
type streamEvent struct {
	name string
	data any
	when string
}

// sse writes Server-Sent Events to one client.
type sse struct {
	w        http.ResponseWriter
	control  *http.ResponseController
	patience time.Duration
}

// A runner feeds a client until ctx is done, the client is gone, or the server closes.
type runner func(ctx context.Context, to *sse) error

// stream registers an operation that answers with events. open checks the request, while an error can still be an answer.
func stream[I any](s *Server, a huma.API, op huma.Operation, kind string, events []streamEvent, open func(context.Context, *I) (runner, error)) {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Events until either side ends. A client that comes back gets a snapshot first.",
		Content:     map[string]*huma.MediaType{eventStream: {Schema: eventSchema(a, events)}},
	}}
	huma.Register(a, op, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		run, err := open(ctx, in)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(c huma.Context) {
			s.metrics.streams.WithLabelValues(kind).Inc()
			defer s.metrics.streams.WithLabelValues(kind).Dec()
			ctx, cancel := context.WithCancel(c.Context())
			defer cancel()
			defer context.AfterFunc(s.closing, cancel)()
			c.SetHeader("Content-Type", eventStream)
			c.SetHeader("X-Accel-Buffering", "no") // nginx would hold events back
			c.SetStatus(http.StatusOK)
			w := humagin.Unwrap(c).Writer
			to := &sse{w: w, control: http.NewResponseController(w), patience: s.conf.Streams.WriteTimeout}
			if err := run(ctx, to); err != nil && ctx.Err() == nil {
				s.log.DebugContext(ctx, "stream ended", "kind", kind, "err", err)
			}
		}}, nil
	})
}

// eventSchema lists the events' data types in the document.
func eventSchema(a huma.API, events []streamEvent) *huma.Schema {
	one := make([]*huma.Schema, len(events))
	for i, e := range events {
		one[i] = &huma.Schema{
			Type: "object", Title: e.name, Description: e.when, Required: []string{"event", "data"},
			Properties: map[string]*huma.Schema{
				"id":    {Type: "string"},
				"event": {Type: "string", Enum: []any{e.name}},
				"data":  a.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(e.data), true, ""),
			},
		}
	}
	return &huma.Schema{Type: "array", Description: "One Server-Sent Event each.", Items: &huma.Schema{OneOf: one}}
}

// frame is an event as it goes over the wire.
func frame(event string, seq uint64, data any) ([]byte, error) {
	body, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("event %s: %w", event, err)
	}
	b := make([]byte, 0, len(body)+len(event)+48)
	b = append(b, "id: "...)
	b = strconv.AppendUint(b, seq, 10)
	b = append(b, "\nevent: "...)
	b = append(b, event...)
	b = append(b, "\ndata: "...)
	b = append(b, body...) // JSON has no line breaks
	return append(b, "\n\n"...), nil
}

var ping = []byte(": ping\n\n")

// send writes whole frames and pushes them out. A client that takes nothing for too long is given up.
func (to *sse) send(frames ...[]byte) error {
	_ = to.control.SetWriteDeadline(time.Now().Add(to.patience))    //nolint:forbidigo // a socket's deadline is wall time; writers without one ignore it
	defer func() { _ = to.control.SetWriteDeadline(time.Time{}) }() // in HTTP/2 it would end the stream also while nothing is written
	for _, f := range frames {
		if _, err := to.w.Write(f); err != nil {
			return err
		}
	}
	return to.control.Flush()
}
