package webhook

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var (
	attemptsTotal = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "paidan_webhook_attempts_total", Help: "Webhook requests, by result: delivered, refused, timeout, unreachable, blocked.",
	}, []string{"result"})
	attemptSeconds = promauto.NewHistogram(prometheus.HistogramOpts{
		Name: "paidan_webhook_attempt_seconds", Help: "Wall time of webhook requests.", Buckets: prometheus.ExponentialBuckets(0.005, 2, 12),
	})
	lagSeconds = promauto.NewHistogram(prometheus.HistogramOpts{
		Name: "paidan_webhook_lag_seconds", Help: "Time from an event to the endpoint's yes, of deliveries that succeeded at the first attempt.",
		Buckets: prometheus.ExponentialBuckets(0.01, 2.5, 14),
	})
)

func observe(r result, now time.Time) {
	attemptsTotal.WithLabelValues(r.result).Inc()
	attemptSeconds.Observe(r.took.Seconds())
	if r.ok() && r.attempts == 0 {
		lagSeconds.Observe(now.Sub(r.parcel.at).Seconds())
	}
}
