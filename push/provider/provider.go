// Package provider hands messages to the services that wake phones: FCM, JPush, Web Push, or a gateway of the operator's own. Each is one file,
// speaks HTTP, and says of a message that was not taken what can be done about it.
package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// Name is a provider's, as phones register with it.
type Name string

// The providers.
const (
	FCM     Name = "fcm"
	JPush   Name = "jpush"
	Web     Name = "web"
	Gateway Name = "gateway"
)

// Message is what a phone shows, and tells its app. It says nothing about anybody: it travels through other companies' machines.
type Message struct {
	ID       string // of this message, over its retries
	Token    string // the phone's, as the provider gave it to the app
	Title    string
	Body     string
	Data     map[string]string
	Collapse string        // a newer message with the same key takes the place of an older one
	TTL      time.Duration // how long the provider keeps it for a phone that is off
}

// Provider sends. The error is nil, a *GoneError, a *RefusedError, or one that another attempt may mend: a *BusyError where the provider
// answered, else it was not to be reached.
type Provider interface {
	Send(ctx context.Context, m Message) error
}

// GoneError means that the phone has no such token any more.
type GoneError struct{ Why string }

func (e *GoneError) Error() string { return "the token is gone: " + e.Why }

// RefusedError means that the provider does not take the message, nor would if it were sent again.
type RefusedError struct {
	Status int
	Why    string
}

func (e *RefusedError) Error() string { return fmt.Sprintf("refused (%d): %s", e.Status, e.Why) }

// BusyError means that the provider asks for patience.
type BusyError struct {
	Status int
	Why    string
	After  time.Duration // 0: it did not say for how long
}

func (e *BusyError) Error() string { return fmt.Sprintf("busy (%d): %s", e.Status, e.Why) }

const (
	// timeout of a request, on the wall.
	timeout = 10 * time.Second
	// maxAnswer is how much of an answer is read.
	maxAnswer = 64 << 10
	// maxPatience bounds what a provider may ask for.
	maxPatience = time.Hour

	userAgent = "Paidan-Push/1"
)

// NewClient makes requests to addresses that the operator has chosen. They are not led elsewhere.
func NewClient() *http.Client {
	return &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func do(client *http.Client, req *http.Request) (answer, error) {
	req.Header.Set("User-Agent", userAgent)
	res, err := client.Do(req) //nolint:bodyclose // read closes it
	if err != nil {
		return answer{}, withoutAddress(err)
	}
	return read(res), nil
}

// withoutAddress is what went wrong, without the address, which may be a secret between phone and provider.
func withoutAddress(err error) error {
	if inner := errors.Unwrap(err); inner != nil { // url.Error
		err = inner
	}
	return fmt.Errorf("reach the provider: %w", err)
}

func read(res *http.Response) answer {
	defer func() { _ = res.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(res.Body, maxAnswer)) // the head is the answer: a body that breaks off changes nothing about it
	return answer{res.StatusCode, res.Header, body}
}

func (a answer) ok() bool { return a.status >= 200 && a.status < 300 }

// fault is the error of an answer that is not ok, as all providers mean it: 429 and 5xx pass.
func (a answer) fault(why string) error {
	if why == "" {
		why = string(a.body[:min(len(a.body), 200)])
	}
	if a.status == http.StatusTooManyRequests || a.status >= http.StatusInternalServerError {
		return &BusyError{a.status, why, a.patience()}
	}
	return &RefusedError{a.status, why}
}

// patience is what Retry-After asks for, in seconds; a date is passed over, as none of the providers sends one.
func (a answer) patience() time.Duration {
	s, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil || s < 0 {
		return 0
	}
	return min(time.Duration(s)*time.Second, maxPatience)
}

// seconds of a time to live, at least one: none of the providers knows a shorter time than "now or never".
func seconds(d time.Duration) int { return max(1, int(d/time.Second)) }
