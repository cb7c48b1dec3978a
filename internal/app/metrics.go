package app

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
)

// newMetrics is a process's own registry, so that several can run in one test, over the global one, where the Go runtime and
// the rounds count.
func newMetrics() (*prometheus.Registry, error) {
	global, ok := prometheus.DefaultRegisterer.(*prometheus.Registry)
	if !ok {
		return nil, errors.New("metrics: the default registry has been replaced")
	}
	r := prometheus.NewRegistry()
	return r, r.Register(global)
}
