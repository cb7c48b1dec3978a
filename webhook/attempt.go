package webhook

import (
	"net/http"
	"time"
)

// attempt is one request and what came of it.
type attempt struct {
	at     time.Time
	took   time.Duration // on the wall
	status int           // of the answer, 0 if none came
	err    string        // why none came
	result string        // for the metrics
	body   string        // the beginning of the answer's
	staged bool          // the failure is none of the endpoint's
}

// What an attempt can come to.
const (
	resultDelivered   = "delivered"
	resultRefused     = "refused"     // an answer, but not 2xx
	resultTimeout     = "timeout"     // none in time
	resultUnreachable = "unreachable" // no connection, or a broken one
	resultBlocked     = "blocked"     // a private address
)

// stage makes the attempt one that was answered with a 500.
func (a *attempt) stage() {
	a.status, a.err, a.result, a.staged = http.StatusInternalServerError, "", resultRefused, true
	a.body = "The order's fault is webhook_500: the answer to the first attempt counts as this."
}

func (a attempt) ok() bool   { return a.status >= 200 && a.status < 300 }
func (a attempt) gone() bool { return a.status == http.StatusGone }
