package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/blob"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/webhook"
)

// Problem is every error's answer (RFC 9457).
type Problem struct {
	Type       string       `json:"type" format:"uri" doc:"Where the code is explained."`
	Title      string       `json:"title" doc:"What the code means."`
	Status     int          `json:"status" doc:"The HTTP status."`
	Detail     string       `json:"detail,omitempty" doc:"What happened this time."`
	Code       string       `json:"code" doc:"Stable, for programs. See docs/errors.md."`
	RequestID  string       `json:"request_id,omitempty" doc:"The X-Request-Id, to quote in a question."`
	Errors     []FieldFault `json:"errors,omitempty" doc:"All that is wrong with the request."`
	ExistingID string       `json:"existing_id,omitempty" doc:"external_id_taken, quote_used, url_taken: the order or endpoint that has it."`
	State      string       `json:"state,omitempty" doc:"impossible_transition, too_late_to_change, conflict: the order's state."`
	Version    int64        `json:"version,omitempty" doc:"conflict: the order's version."`
	Scope      KeyScope     `json:"scope,omitempty" doc:"missing_scope: what the API key would need."`
	OpensAt    *time.Time   `json:"opens_at,omitempty" doc:"closed: the next time for which the zone takes orders; left out: none is known."`
	Reason     string       `json:"reason,omitempty" doc:"unassignable: why, a stable word."`
	Until      *time.Time   `json:"until,omitempty" doc:"rest_needed: when the rider may work again."`
	Allowed    []string     `json:"allowed,omitempty" doc:"impossible_transition: what can happen to the order now."`

	header http.Header
}

// FieldFault is one wrong field.
type FieldFault struct {
	Field   string `json:"field" doc:"Path in the body, or path.…, query.…, header.…"`
	Message string `json:"message"`
	Value   any    `json:"value,omitempty" doc:"What was sent, where it is short and no secret."`
}

func (p *Problem) Error() string { return cmp.Or(p.Detail, p.Title) }

// GetStatus is for Huma.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is for Huma.
func (p *Problem) ContentType(string) string { return problemJSON }

const (
	problemJSON = "application/problem+json"
	errorsPage  = "https://github.com/paidan/paidan/blob/main/docs/errors.md#"
)

// fault is an error that the edge itself finds; other packages have their own, mapped in problemOf.
type fault struct {
	code   string
	detail string
	fields []FieldFault
	scope  KeyScope
	header http.Header
}

func (f *fault) Error() string { return f.code + ": " + f.detail }

func refuse(code, detail string) error { return &fault{code: code, detail: detail} }

func invalid(fields ...FieldFault) error {
	return &fault{code: codeValidation, detail: "The request is not valid.", fields: fields}
}

// Huma makes all its errors through these two variables. They are set before any API exists.
func init() {
	huma.NewErrorWithContext = humaError
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return humaError(nil, status, msg, errs...)
	}
	huma.DefaultArrayNullable = false
}

// humaError is called with Huma's own complaints, and with status 500 and the error that a handler returned.
func humaError(c huma.Context, status int, msg string, errs ...error) huma.StatusError {
	var p *Problem
	if status == http.StatusInternalServerError && len(errs) == 1 {
		p = problemOf(errs[0])
	} else {
		p = humaProblem(status, msg, errs)
	}
	if c == nil {
		return p
	}
	if r := requestFrom(c.Context()); r != nil {
		p.RequestID = r.id
		r.refused(p.Code)
		if p.Status >= http.StatusInternalServerError {
			r.fail(errors.Join(errs...))
		}
	}
	for k, v := range p.header {
		c.SetHeader(k, v[0])
	}
	return translated(c.Operation(), p)
}

// humaProblem translates what Huma found wrong with a request.
func humaProblem(status int, msg string, errs []error) *Problem {
	code, ok := codeByStatus[status]
	if !ok {
		code = codeInternal
	}
	if status == http.StatusBadRequest || status == http.StatusUnprocessableEntity {
		code = codeValidation
	}
	p := newProblem(code, msg)
	for _, err := range errs {
		if d, ok := err.(huma.ErrorDetailer); ok {
			e := d.ErrorDetail()
			p.Errors = append(p.Errors, FieldFault{Field: fieldPath(e.Location), Message: e.Message, Value: echo(e.Location, e.Value)})
		} else if err != nil {
			p.Errors = append(p.Errors, FieldFault{Field: "body", Message: err.Error()})
		}
		if errors.Is(err, huma.ErrUnknownContentType) || strings.Contains(p.Errors[len(p.Errors)-1].Message, huma.ErrUnknownContentType.Error()) {
			return newProblem(codeMediaType, "Send application/json.")
		}
	}
	if code == codeValidation {
		p.Detail = "The request is not valid."
		if len(p.Errors) == 0 {
			p.Errors = []FieldFault{{Field: "body", Message: msg}}
		}
	}
	return p
}

func fieldPath(location string) string {
	if rest, ok := strings.CutPrefix(location, "body."); ok {
		return rest
	}
	return cmp.Or(location, "body")
}

// echo repeats a value to its sender only where it is short and no secret.
func echo(location string, v any) any {
	for _, word := range []string{"password", "secret", "token", "code", "authorization"} {
		if strings.Contains(strings.ToLower(location), word) {
			return nil
		}
	}
	switch v := v.(type) {
	case bool, float64, int64, int:
		return v
	case string:
		if len(v) <= 100 && location != "body" {
			return v
		}
	}
	return nil
}

func newProblem(code, detail string) *Problem {
	c := codes[code]
	return &Problem{Type: errorsPage + code, Title: c.title, Status: c.status, Detail: detail, Code: code}
}

// problemOf tells outsiders what they can act on, and of everything else only that it was not their fault.
func problemOf(err error) *Problem {
	if p := moneyProblem(err); p != nil {
		return p
	}
	if p := recordedProblem(err); p != nil {
		return p
	}
	if p := handoverProblem(err); p != nil {
		return p
	}
	if p := shiftProblem(err); p != nil {
		return p
	}
	var (
		whole      *Problem
		row        *rowError
		f          *fault
		transition *order.TransitionError
		notYours   *order.NotYoursError
		taken      *order.ExternalIDTakenError
		policy     *dispatch.PolicyError
		closed     *dispatch.OfferClosedError
		unfit      *dispatch.CannotAssignError
		onBoard    *dispatch.JobOnBoardError
		tooMuch    *dispatch.JobTooLargeError
		profile    *rider.InvalidError
		urlTaken   *webhook.URLTakenError
		proof      *order.ProofError
		shut       *ClosedError
		late       *order.UpdateError
		nonsense   *order.InvalidError
		moved      *order.ConflictError
		connect    *pgconn.ConnectError
		database   *pgconn.PgError
		tooLarge   *http.MaxBytesError
		network    net.Error
	)
	switch {
	case errors.As(err, &whole):
		return whole
	case errors.As(err, &row):
		return row.problem()
	case errors.As(err, &f):
		p := newProblem(f.code, f.detail)
		p.Errors, p.Scope, p.header = f.fields, f.scope, f.header
		return p
	case errors.As(err, &transition):
		p := newProblem(codeTransition, fmt.Sprintf("%s is not possible while the order is %s.", transition.Event, transition.State))
		p.State = string(transition.State)
		for _, e := range transition.Allowed {
			p.Allowed = append(p.Allowed, string(e))
		}
		return p
	case errors.As(err, &taken):
		p := newProblem(codeExternalID, "Another order of this merchant has the external_id.")
		p.ExistingID = taken.Existing.String()
		return p
	case errors.As(err, &urlTaken):
		p := newProblem(codeURLTaken, "Another webhook endpoint of this merchant has the address.")
		p.ExistingID = urlTaken.Existing.String()
		return p
	case errors.Is(err, webhook.ErrTooMany):
		return newProblem(codeTooMany, fmt.Sprintf("There are %d webhook endpoints already.", webhook.MaxEndpoints))
	case errors.Is(err, webhook.ErrDisabled):
		return newProblem(codeDisabled, "The webhook endpoint is disabled.")
	case errors.As(err, &policy):
		p := newProblem(codeValidation, "The request is not valid.")
		for _, x := range policy.Faults {
			p.Errors = append(p.Errors, FieldFault{Field: "policy." + x.Field, Message: x.Message, Value: x.Value})
		}
		return p
	case errors.As(err, &profile):
		p := newProblem(codeValidation, "The request is not valid.")
		p.Errors = []FieldFault{{Field: index("riders", profile.Index) + "." + profile.Field, Message: profile.Message}}
		return p
	case errors.As(err, &late):
		p := newProblem(codeTooLate, fmt.Sprintf("The order is %s.", late.State))
		p.State = string(late.State)
		for _, f := range late.Fields {
			p.Errors = append(p.Errors, FieldFault{Field: f, Message: "can change " + late.Until(f)})
		}
		return p
	case errors.As(err, &nonsense):
		return problemOf(invalid(FieldFault{nonsense.Field, nonsense.Message, nil}))
	case errors.As(err, &moved):
		p := newProblem(codeConflict, "Somebody else changed it; read it again.")
		p.State, p.Version = string(moved.State), moved.Version
		return p
	case errors.As(err, &proof):
		return proofProblem(proof)
	case errors.As(err, &shut):
		p := newProblem(codeClosed, "The store's zone takes no orders for then.")
		if !shut.Opens.IsZero() {
			p.Detail += " It does from " + shut.Opens.Format(time.RFC3339) + "."
			p.OpensAt = new(shut.Opens.UTC())
		}
		return p
	case errors.Is(err, order.ErrRated):
		return newProblem(codeRated, "The order is rated already.")
	case errors.Is(err, order.ErrOpen):
		return newProblem(codeOrderOpen, "The order has not ended.")
	case errors.Is(err, order.ErrUploadLate):
		return newProblem(codeTooOld, "Pictures are taken until 48 hours after the order's end, and none of an order that was erased.")
	case errors.Is(err, order.ErrTooManyUploads):
		return newProblem(codeTooManyProofs, "The order has as many pictures as it may.")
	case errors.As(err, &closed):
		return newProblem(codeOfferClosed, fmt.Sprintf("The offer is %s.", closed.State))
	case errors.As(err, &unfit):
		p := newProblem(codeUnassignable, "The rider can't take the order: "+unfit.Reason+".")
		p.Reason = unfit.Reason
		return p
	case errors.Is(err, dispatch.ErrGivingBack):
		return newProblem(codeGivingBack, "Riders of this zone can't give orders back.")
	case errors.Is(err, dispatch.ErrTaken):
		return newProblem(codeOrderTaken, "Another rider has the order, or it is no longer to be had.")
	case errors.As(err, &onBoard):
		return newProblem(codeJobOnBoard, "Rider "+onBoard.Rider.String()+" has goods of the job on board.")
	case errors.As(err, &tooMuch):
		return newProblem(codeJobTooLarge, "Nobody could carry the job: "+tooMuch.Why+".")
	case errors.Is(err, rider.ErrHasWork):
		return newProblem(codeHasWork, "Stops remain in the plan.")
	case errors.Is(err, rider.ErrOffShift):
		return newProblem(codeOffShift, "The rider has no open shift.")
	case errors.Is(err, rider.ErrDisabled):
		return newProblem(codeForbidden, "The rider has been disabled.")
	case errors.Is(err, order.ErrKeyRevoked):
		return newProblem(codeKeyRevoked, "Make a new key instead.")
	case errors.Is(err, dispatch.ErrOutsideZones):
		return newProblem(codeOutsideZones, "The place lies in no dispatch zone.")
	case isAny(err, rider.ErrPhoneTaken, dispatch.ErrZoneNameTaken, ErrEmailTaken):
		return newProblem(codeNameTaken, "Another one has this name or phone.")
	case errors.Is(err, order.ErrStoreTaken):
		return newProblem(codeExternalID, "Another store of this merchant has the external_id.")
	case errors.As(err, &notYours), isAny(err, order.ErrNotFound, rider.ErrNotFound, rider.ErrDeviceNotFound, rider.ErrTemplateNotFound, rider.ErrBookingNotFound, rider.ErrOfferNotFound, rider.ErrIncidentNotFound, dispatch.ErrZoneNotFound, webhook.ErrNotFound):
		return newProblem(codeNotFound, "There is no such thing, or it is not yours.")
	case isAny(err, order.ErrConflict, dispatch.ErrZoneConflict):
		return newProblem(codeConflict, "Somebody else changed it; read it again.")
	case errors.As(err, &tooLarge):
		return newProblem(codeBodyTooLarge, fmt.Sprintf("The body is larger than %d bytes.", tooLarge.Limit))
	case errors.As(err, &database) && strings.HasPrefix(database.Code, "22"): // a value that PostgreSQL can't hold, such as a NUL in a text
		return newProblem(codeValidation, "A value can't be stored.")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &connect), isDown(database), errors.As(err, &network), errors.Is(err, blob.ErrBusy):
		p := newProblem(codeUnavailable, "The service is busy or restarting; try again.")
		p.header = http.Header{"Retry-After": {"1"}}
		return p
	case errors.Is(err, context.Canceled):
		return newProblem(codeUnavailable, "The request was given up.")
	case isAny(err, io.ErrUnexpectedEOF, errBadEncoding):
		return newProblem(codeValidation, "The body could not be read to its end.")
	}
	return newProblem(codeInternal, "Something went wrong on our side; the request_id finds it in the log.")
}

// recordedProblem is problemOf for what phones recorded without a network; nil where the error is none of theirs.
func recordedProblem(err error) *Problem {
	var taken *dispatch.TakenAwayError
	switch {
	case errors.As(err, &taken):
		p := newProblem(codeTakenAway, "The order is no longer this rider's.")
		if taken.State == order.Cancelled {
			p.Detail, p.State = "The order was cancelled.", string(order.Cancelled)
		}
		return p
	case errors.Is(err, dispatch.ErrNotOnBoard):
		return newProblem(codeTransition, "The order is not on board, so it can't go back.")
	case errors.Is(err, dispatch.ErrTooOld):
		return newProblem(codeTooOld, "It was recorded more than 24 hours ago.")
	case errors.Is(err, dispatch.ErrShiftOver):
		return problemOf(invalid(FieldFault{"ends_at", "must be later than the end of the shift before", nil}))
	}
	return nil
}

func proofProblem(e *order.ProofError) *Problem {
	p := newProblem(codeProofMissing, "The order demands more proof.")
	if e.Wrong() {
		p = newProblem(codeProofWrong, "The proof is not right.")
	}
	for _, f := range e.Faults {
		p.Errors = append(p.Errors, FieldFault{Field: "proof." + f.Field, Message: f.Message})
	}
	return p
}

func isAny(err error, targets ...error) bool {
	for _, t := range targets {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
}

// isDown tells a database that is starting, stopping, full or too slow (idle_in_transaction_session_timeout) from a query that is wrong.
func isDown(e *pgconn.PgError) bool {
	return e != nil && (strings.HasPrefix(e.Code, "57P") || strings.HasPrefix(e.Code, "53") || strings.HasPrefix(e.Code, "08") ||
		e.Code == "25P03")
}

// writeProblem answers before or beside Huma.
func writeProblem(c *gin.Context, err error) { writeTranslated(c, nil, err) }

// writeTranslated is writeProblem for an operation that may be a façade's.
func writeTranslated(c *gin.Context, o *huma.Operation, err error) {
	p := problemOf(err)
	if r := requestFrom(c.Request.Context()); r != nil {
		p.RequestID = r.id
		r.refused(p.Code)
		if p.Status >= http.StatusInternalServerError {
			r.fail(err)
		}
	}
	for k, v := range p.header {
		c.Header(k, v[0])
	}
	told := translated(o, p)
	if told == huma.StatusError(p) {
		c.Header("Content-Type", problemJSON)
	}
	c.AbortWithStatusJSON(told.GetStatus(), told)
}

func retryAfter(d time.Duration) http.Header {
	s := int64((d + time.Second - 1) / time.Second)
	return http.Header{"Retry-After": {strconv.FormatInt(max(1, s), 10)}}
}
