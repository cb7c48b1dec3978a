package push

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// What becomes of a push.
const (
	sent          = "sent"
	refused       = "refused"
	gone          = "gone"
	failed        = "failed"      // will be tried again
	tooLate       = "expired"     // skipped: of no use any more
	answered      = "answered"    // skipped: the offer is not open
	seen          = "seen"        // skipped: the offer is on the screen
	noToken       = "no_token"    // skipped: the device is signed out, or its token has moved
	notConfigured = "no_provider" // skipped: this installation has stopped using it
	waiting       = "waiting"     // put off: the provider is left alone for a while
)

type metrics struct{ pushes *prometheus.CounterVec }

func newMetrics(r prometheus.Registerer) (metrics, error) {
	m := metrics{prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "paidan_pushes_total",
		Help: "Pushes by provider, kind and outcome: sent; refused and gone by the provider; failed and waiting, to be tried again; expired, answered, seen, no_token and no_provider, which were skipped.",
	}, []string{"provider", "kind", "outcome"})}
	if r == nil {
		return m, nil
	}
	if err := r.Register(m.pushes); err != nil {
		return m, fmt.Errorf("metrics of pushes: %w", err)
	}
	return m, nil
}
