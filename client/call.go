package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// call is one request in all its tries.
type call struct {
	name       string // in the counters, and in errors: method and route
	method     string
	path       string // with the query
	body       any    // JSON, or raw when it is already encoded
	raw        []byte
	gzipped    bool
	mediaType  string // of raw; "" = JSON
	key        string // Idempotency-Key
	repeatable bool
	auth       credential
	out        any
}

// credential proves who calls. renew is told which proof the server refused and reports whether there is a new one.
type credential interface {
	prove(ctx context.Context) (proof string, err error)
	apply(h http.Header, proof string)
	renew(ctx context.Context, refused string) error
}

// decodeError is an answer that is not what the API promises.
type decodeError struct{ err error }

func (e *decodeError) Error() string { return "answer not understood: " + e.err.Error() }
func (e *decodeError) Unwrap() error { return e.err }

func (c *Client) do(ctx context.Context, k call) error {
	if k.body != nil {
		raw, err := json.Marshal(k.body)
		if err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
		k.raw = raw
	}
	begin := time.Now()
	err := c.tries(ctx, k, begin)
	c.stats.record(k.name, time.Since(begin), err)
	if err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	return nil
}

func (c *Client) tries(ctx context.Context, k call, begin time.Time) error {
	renewed := false
	for n := 0; ; n++ {
		proof, err := prove(ctx, k.auth)
		if err != nil {
			return err
		}
		err = c.once(ctx, k, proof)
		var p *Problem
		isProblem := errors.As(err, &p)
		switch {
		case err == nil:
			return nil
		case isProblem && p.Status == http.StatusUnauthorized && k.auth != nil && !renewed:
			renewed = true
			if again := k.auth.renew(ctx, proof); again != nil {
				return errors.Join(err, again)
			}
			continue
		case ctx.Err() != nil:
			return ctx.Err()
		case !worthRepeating(err, k.repeatable), time.Since(begin) > c.patience:
			return err
		}
		var wish time.Duration
		if isProblem {
			wish = p.RetryAfter
		}
		c.stats.retry(k.name)
		if err := sleep(ctx, pause(n, wish)); err != nil {
			return err
		}
	}
}

func prove(ctx context.Context, auth credential) (string, error) {
	if auth == nil {
		return "", nil
	}
	return auth.prove(ctx)
}

func (c *Client) request(ctx context.Context, k call, proof string) (*http.Request, error) {
	var body io.Reader
	if k.raw != nil {
		body = bytes.NewReader(k.raw)
	}
	req, err := http.NewRequestWithContext(ctx, k.method, c.base+k.path, body)
	if err != nil {
		return nil, err
	}
	h := req.Header
	switch {
	case k.mediaType != "":
		h.Set("Content-Type", k.mediaType)
	case k.raw != nil:
		h["Content-Type"] = jsonType
	}
	if k.gzipped {
		h.Set("Content-Encoding", "gzip")
	}
	if k.key != "" {
		h.Set("Idempotency-Key", k.key)
	}
	if k.auth != nil {
		k.auth.apply(h, proof)
	}
	return req, nil
}

var jsonType = []string{"application/json"}

func (c *Client) once(ctx context.Context, k call, proof string) error {
	req, err := c.request(ctx, k, proof)
	if err != nil {
		return err
	}
	res, err := c.calls.Do(req)
	if err != nil {
		return err
	}
	defer func() {
		_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 256<<10)) // read to the end, or the connection is lost for the next call
		_ = res.Body.Close()
	}()
	if res.StatusCode >= 300 {
		return readProblem(res)
	}
	if see, ok := k.auth.(interface{ see(*http.Response) }); ok {
		see.see(res)
	}
	if k.out == nil {
		return nil
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err // cut off: the server went away while it answered
	}
	if err := json.Unmarshal(body, k.out); err != nil {
		return &decodeError{err}
	}
	return nil
}
