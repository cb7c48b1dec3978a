package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// silence is how long a stream may say nothing, not even its heartbeat of 15 s, before it counts as dead.
const silence = time.Minute

// Stream tells fn the rider's work: once at each connection, then at each change, until ctx is done.
// It comes back by itself after every interruption. It ends with an error only when the rider is signed out or
// the server refuses for good.
func (r *Rider) Stream(ctx context.Context, fn func(Work)) error {
	for n := 0; ; n++ {
		heard, err := r.streamOnce(ctx, fn)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var p *Problem
		refused := errors.As(err, &p) && p.Status < 500 && p.Status != http.StatusTooManyRequests
		if errors.Is(err, ErrSignedOut) || refused {
			return fmt.Errorf("GET /v1/rider/stream: %w", err)
		}
		if heard {
			n = 0
		}
		r.c.stats.Reconnects.Add(1)
		if err := sleep(ctx, pause(n, 0)); err != nil {
			return err
		}
	}
}

func (r *Rider) streamOnce(ctx context.Context, fn func(Work)) (heard bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	res, err := r.openStream(ctx)
	if err != nil {
		return false, err
	}
	defer func() { _ = res.Body.Close() }()
	r.c.stats.Streams.Add(1)
	defer r.c.stats.Streams.Add(-1)
	watch := time.AfterFunc(silence, cancel)
	defer watch.Stop()
	in := newEventReader(res.Body, func() { watch.Reset(silence) })
	for {
		e, err := in.next()
		if err != nil {
			return heard, err
		}
		if e.name != "snapshot" && e.name != "changed" {
			continue
		}
		var w Work
		if err := json.Unmarshal(e.data, &w); err != nil {
			return heard, &decodeError{err}
		}
		w.Snapshot = e.name == "snapshot"
		heard = true
		fn(w)
	}
}

func (r *Rider) openStream(ctx context.Context) (*http.Response, error) {
	for renewed := false; ; renewed = true {
		proof, err := r.prove(ctx)
		if err != nil {
			return nil, err
		}
		k := call{method: http.MethodGet, path: "/v1/rider/stream", auth: r}
		req, err := r.c.request(ctx, k, proof)
		if err != nil {
			return nil, err
		}
		req.Header.Set("Accept", "text/event-stream")
		res, err := r.c.streams.Do(req)
		if err != nil {
			return nil, err
		}
		if res.StatusCode == http.StatusOK {
			return res, nil
		}
		p := readProblem(res)
		_ = res.Body.Close()
		if p.Status != http.StatusUnauthorized || renewed {
			return nil, p
		}
		if err := r.renew(ctx, proof); err != nil {
			return nil, err
		}
	}
}
