package rider

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// ingestMetrics are Ingest's numbers. All exist from the start, so that a rate is never missing.
type ingestMetrics struct {
	fixes   [verdicts]prometheus.Counter
	dropped map[dropReason]prometheus.Counter
	stored  prometheus.Counter
	unsent  prometheus.Counter
	retries prometheus.Counter
	delay   prometheus.Histogram
	flush   prometheus.Histogram
	batch   prometheus.Histogram
	all     []prometheus.Collector
}

// dropReason says why a good fix is missing from history.
type dropReason string

const (
	dropFull     dropReason = "full"     // the database was away or slow for too long
	dropRejected dropReason = "rejected" // the database would not have it
	dropShutdown dropReason = "shutdown" // the node stopped before the database came back
)

func newIngestMetrics(queued func() int) *ingestMetrics {
	fixes := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "paidan_positions_fixes_total", Help: "Fixes received, by what became of them."}, []string{"outcome"})
	dropped := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "paidan_positions_dropped_total", Help: "Good fixes that are missing from history, by reason."}, []string{"reason"})
	m := &ingestMetrics{
		dropped: make(map[dropReason]prometheus.Counter),
		stored:  prometheus.NewCounter(prometheus.CounterOpts{Name: "paidan_positions_stored_total", Help: "Fixes stored."}),
		unsent:  prometheus.NewCounter(prometheus.CounterOpts{Name: "paidan_positions_unsent_total", Help: "Messages of positions that the bus did not take."}),
		retries: prometheus.NewCounter(prometheus.CounterOpts{Name: "paidan_positions_retries_total", Help: "Attempts to store that failed and are tried again."}),
		delay: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "paidan_positions_delay_seconds",
			Help: "From a batch's newest fix (the phone's clock) to its arrival.", Buckets: []float64{.25, .5, 1, 2, 5, 10, 30, 60, 300, 3600}}),
		flush: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "paidan_positions_flush_seconds",
			Help: "Time to store one batch, on the wall.", Buckets: prometheus.ExponentialBuckets(.002, 2, 12)}),
		batch: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "paidan_positions_flush_rows",
			Help: "Rows stored at once.", Buckets: prometheus.ExponentialBuckets(10, 3, 7)}),
	}
	for v := range verdicts {
		m.fixes[v] = fixes.WithLabelValues(v.String())
	}
	for _, r := range []dropReason{dropFull, dropRejected, dropShutdown} {
		m.dropped[r] = dropped.WithLabelValues(string(r))
	}
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "paidan_positions_queued", Help: "Fixes waiting to be stored."},
		func() float64 { return float64(queued()) })
	m.all = []prometheus.Collector{fixes, dropped, m.stored, m.unsent, m.retries, m.delay, m.flush, m.batch, waiting}
	return m
}

// Register publishes the ingest's metrics.
func (g *Ingest) Register(r prometheus.Registerer) error { return register(r, "ingest", g.metrics.all) }

// Register publishes the index's metrics.
func (ix *Index) Register(r prometheus.Registerer) error {
	return register(r, "index", []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "paidan_index_riders", Help: "Riders whose position is known."},
			func() float64 { return float64(ix.Len()) }),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "paidan_index_unread_messages_total",
			Help: "Messages of positions that could not be read (another version's, or broken)."},
			func() float64 { return float64(ix.unread.Load()) }),
	})
}

func register(r prometheus.Registerer, what string, cs []prometheus.Collector) error {
	for _, c := range cs {
		if err := r.Register(c); err != nil {
			return fmt.Errorf("%s metrics: %w", what, err)
		}
	}
	return nil
}
