package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

const (
	// timeout of an attempt, from the first packet to the end of the answer, on the wall.
	timeout = 10 * time.Second
	// maxAnswer is how much of an answer is read, and maxExcerpt how much of it is kept.
	maxAnswer  = 64 << 10
	maxExcerpt = 1 << 10

	// idleConn is how long a connection is kept for the next attempt, and idleConns how many are for one host: many endpoints may be on
	// it, each of which gets width requests at once. One that is not kept is made anew for each request.
	idleConn  = 30 * time.Second
	idleConns = MaxEndpoints * width

	userAgent = "Paidan-Webhooks/1"
)

// sender makes requests that can't be led astray: not into private networks, not by a redirect, not through a proxy of ours, not into
// reading without end.
type sender struct {
	client  *http.Client
	clock   clock.Clock
	timeout time.Duration
}

func newSender(r Reach, c clock.Clock) *sender {
	return &sender{clock: c, timeout: timeout, client: NewClient(r)}
}

// NewClient makes requests to addresses that others have chosen, as far as r allows. Who uses it bounds their time.
func NewClient(r Reach) *http.Client {
	dialer := &net.Dialer{Timeout: timeout, Control: r.control}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true) // over HTTP/2 endpoints on one host would share a connection, and its fate
	return &http.Client{
		Transport: &http.Transport{
			Proxy: nil, DialContext: dialer.DialContext, Protocols: protocols, TLSHandshakeTimeout: timeout,
			MaxIdleConnsPerHost: idleConns, IdleConnTimeout: idleConn, MaxResponseHeaderBytes: maxAnswer,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (s *sender) close() { s.client.CloseIdleConnections() }

// request is what one attempt sends.
type request struct {
	url     string
	id      string
	secrets []string
	payload []byte
}

// send makes one attempt. An attempt that ctx cut short has failed with result "".
func (s *sender) send(ctx context.Context, r request) attempt {
	a := attempt{at: s.clock.Now()}
	watch := clock.StartStopwatch()
	within, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	err := s.post(within, r, &a)
	a.took = watch.Elapsed()
	if err != nil {
		a.err, a.result = s.explain(err)
	} else if a.result = resultRefused; a.ok() {
		a.result = resultDelivered
	}
	if err != nil && ctx.Err() != nil {
		a.result = ""
	}
	return a
}

func (s *sender) post(ctx context.Context, r request, a *attempt) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url, bytes.NewReader(r.payload))
	if err != nil {
		return err
	}
	signature, err := sign(r, a.at)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", userAgent)
	req.Header.Set("webhook-id", r.id)
	req.Header.Set("webhook-timestamp", strconv.FormatInt(a.at.Unix(), 10))
	req.Header.Set("webhook-signature", signature)
	res, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	a.status = res.StatusCode
	// The answer's head is the answer: a body that breaks off or never ends changes nothing about it.
	body, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	a.body = excerpt(body)
	return nil
}

// excerpt is what is kept of a body: text that PostgreSQL takes.
func excerpt(body []byte) string {
	text := string(body[:min(len(body), maxExcerpt)])
	text = strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), "\x00", "\uFFFD")
	for len(text) > maxExcerpt { // the replacement is longer than what it replaces
		text = strings.ToValidUTF8(text[:maxExcerpt], "")
	}
	return text
}

// explain says for the log why no answer came. Our own addresses and the request's stay out of it.
func (s *sender) explain(err error) (text, result string) {
	var blocked *blockedError
	var network net.Error
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &blocked):
		return blocked.Error(), resultBlocked
	case errors.As(err, &network) && network.Timeout():
		return fmt.Sprintf("no answer within %v", s.timeout), resultTimeout
	case errors.As(err, &dns):
		return "the host's name could not be resolved", resultUnreachable
	case errors.As(err, &op):
		return op.Op + ": " + op.Err.Error(), resultUnreachable
	}
	text = err.Error()
	if inner := errors.Unwrap(err); inner != nil { // url.Error repeats the method and the address
		text = inner.Error()
	}
	return excerpt([]byte(text)), resultUnreachable
}
