package dispatch

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var (
	roundSeconds = promauto.NewHistogram(prometheus.HistogramOpts{
		Name: "paidan_round_seconds", Help: "Wall time of a dispatch round, from lease check to commit.",
		Buckets: prometheus.ExponentialBuckets(0.001, 1.6, 20),
	})
	roundErrors = promauto.NewCounter(prometheus.CounterOpts{
		Name: "paidan_round_errors_total", Help: "Rounds that failed and were left to the next one.",
	})
	roundDecisions = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "paidan_round_orders_total", Help: "Orders decided on in rounds, by outcome.",
	}, []string{"outcome"})
)

func observeRound(r Round) {
	roundSeconds.Observe(r.Took.Seconds())
	for outcome, n := range map[string]int{
		"offered": r.Offered, "assigned": r.Assigned, "held": r.Held, "unassigned": r.Unassigned, "lost": r.Lost,
	} {
		roundDecisions.WithLabelValues(outcome).Add(float64(n))
	}
}
