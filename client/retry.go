package client

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"time"
)

const (
	firstPause = 100 * time.Millisecond
	maxPause   = 3 * time.Second
)

// pause is how long to wait before the n-th repetition (from 0): doubling up to a limit, and spread out,
// so that thousands of callers do not come back in one instant.
func pause(n int, wish time.Duration) time.Duration {
	d := maxPause
	if n < 10 {
		d = min(maxPause, firstPause<<n)
	}
	d = d/2 + rand.N(d/2+1)
	return max(d, wish)
}

// worthRepeating reports whether another try may end better, given whether the server may see the call twice.
func worthRepeating(err error, repeatable bool) bool {
	var p *Problem
	if errors.As(err, &p) {
		switch p.Status {
		case http.StatusTooManyRequests:
			return true // refused unseen
		case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return repeatable
		}
		return false
	}
	var bad *decodeError
	if errors.As(err, &bad) {
		return false
	}
	return repeatable || neverSent(err)
}

// neverSent reports whether the connection could not even be opened.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// sleep waits on the wall: the pause is for the network and the server's start, which no simulated clock hurries.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
