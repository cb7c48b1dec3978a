package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// The codes of Problems that callers act on.
const (
	CodeUnauthenticated      = "unauthenticated"
	CodeNotFound             = "not_found"
	CodeConflict             = "conflict"
	CodeImpossibleTransition = "impossible_transition"
	CodeExternalIDTaken      = "external_id_taken"
	CodeHasWork              = "has_work"
	CodeBreaksUsed           = "breaks_used"
	CodeOfferClosed          = "offer_closed"
	CodeGivingBackOff        = "giving_back_off"
	CodeOrderTaken           = "order_taken"
	CodeUnassignable         = "unassignable"
	CodeNoHandover           = "no_handover"
	CodeHandoverClosed       = "handover_closed"
)

// Problem is the server's refusal (RFC 9457).
type Problem struct {
	Status    int          `json:"status"`
	Code      string       `json:"code"`
	Title     string       `json:"title"`
	Detail    string       `json:"detail"`
	RequestID string       `json:"request_id"`
	Errors    []FieldError `json:"errors"`
	// Reason is a stable word for why, of those codes that have one (unassignable, no_handover).
	Reason string `json:"reason"`
	// ExistingID is the order or thing that already has the external_id.
	ExistingID string `json:"existing_id"`
	// OpensAt is, of closed, the next time for which the zone takes orders.
	OpensAt *time.Time `json:"opens_at"`
	// RetryAfter is the server's wish, 0 when it has none.
	RetryAfter time.Duration `json:"-"`
}

// FieldError is one fault of the request.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
	Value   any    `json:"value,omitempty"`
}

func (p *Problem) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s", p.Status, p.Code)
	if p.Detail != "" {
		b.WriteString(": " + p.Detail)
	}
	for _, e := range p.Errors {
		fmt.Fprintf(&b, "; %s: %s", e.Field, e.Message)
	}
	if p.RequestID != "" {
		b.WriteString(" (request " + p.RequestID + ")")
	}
	return b.String()
}

// IsCode reports whether err is a Problem with one of the codes.
func IsCode(err error, codes ...string) bool {
	var p *Problem
	if !errors.As(err, &p) {
		return false
	}
	for _, c := range codes {
		if p.Code == c {
			return true
		}
	}
	return false
}

// readProblem decodes a refusal, of whatever shape: a proxy in between does not speak RFC 9457.
func readProblem(res *http.Response) *Problem {
	body, _ := io.ReadAll(io.LimitReader(res.Body, 64<<10)) // what could be read is all there is to say
	p := &Problem{}
	if err := json.Unmarshal(body, p); err != nil {
		p = &Problem{Detail: strings.TrimSpace(string(body[:min(len(body), 200)]))}
	}
	p.Status = res.StatusCode
	if p.Code == "" {
		p.Code = "http_" + strconv.Itoa(res.StatusCode)
	}
	if p.RequestID == "" {
		p.RequestID = res.Header.Get("X-Request-Id")
	}
	if s, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil && s > 0 {
		p.RetryAfter = time.Duration(s) * time.Second
	}
	return p
}
