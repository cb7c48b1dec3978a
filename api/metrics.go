package api

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics of the edge. Routes are templates, never paths.
type metrics struct {
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	inFlight prometheus.Gauge
	panics   prometheus.Counter
	streams  *prometheus.GaugeVec
	dropped  *prometheus.CounterVec
	together prometheus.Histogram
}

func newMetrics(r *prometheus.Registry) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "paidan_http_requests_total", Help: "Requests answered.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "paidan_http_request_seconds", Help: "Time to answer, streams left out.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{Name: "paidan_http_in_flight", Help: "Requests being answered, streams included."}),
		panics:   prometheus.NewCounter(prometheus.CounterOpts{Name: "paidan_http_panics_total", Help: "Handlers that panicked."}),
		streams:  prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "paidan_streams", Help: "Open event streams."}, []string{"kind"}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "paidan_streams_dropped_total", Help: "Streams ended because the client was too slow.",
		}, []string{"kind"}),
		together: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "paidan_orders_placed_together", Help: "Requests to place an order that share a transaction.", Buckets: []float64{1, 2, 4, 8, 16, 32, 64},
		}),
	}
	if r == nil {
		return m, nil
	}
	var errs []error
	for _, c := range []prometheus.Collector{m.requests, m.seconds, m.inFlight, m.panics, m.streams, m.dropped, m.together} {
		errs = append(errs, r.Register(c))
	}
	return m, errors.Join(errs...)
}
