package jobs

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct{ seconds *prometheus.HistogramVec }

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "paidan_job_seconds",
		Help:    "How long attempts at jobs took, by kind and outcome (ok, put_off, failed).",
		Buckets: prometheus.ExponentialBuckets(0.005, 4, 8),
	}, []string{"kind", "outcome"})}
	if r == nil {
		return m, nil
	}
	if err := r.Register(m.seconds); err != nil {
		return nil, fmt.Errorf("job metrics: %w", err)
	}
	return m, nil
}

func (m *metrics) observe(kind string, err error, took time.Duration) {
	outcome := "ok"
	if _, later := PutOff(err); later {
		outcome = "put_off"
	} else if err != nil {
		outcome = "failed"
	}
	m.seconds.WithLabelValues(kind, outcome).Observe(took.Seconds())
}
