package bus

import (
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
)

// Dropped counts the messages that slow subscriptions have lost.
func (b *Bus) Dropped() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := b.retired
	for sub := range b.subs {
		n += dropped(sub)
	}
	return n
}

func (b *Bus) register(r prometheus.Registerer) error {
	if r == nil {
		return nil
	}
	for _, c := range []prometheus.Collector{
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "paidan_bus_dropped_messages_total",
			Help: "Messages that slow subscriptions have lost.",
		}, func() float64 { return float64(b.Dropped()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "paidan_bus_connected",
			Help: "1 when messages flow.",
		}, func() float64 {
			if b.Ready() != nil {
				return 0
			}
			return 1
		}),
	} {
		if err := r.Register(c); err != nil {
			return fmt.Errorf("bus metrics: %w", err)
		}
	}
	return nil
}

// onError hears of faults that no call could return. NATS reports a slow subscription once, until it has caught up.
func (b *Bus) onError(_ *nats.Conn, sub *nats.Subscription, err error) {
	if sub == nil {
		b.log.Error("fault", "error", err)
		return
	}
	if errors.Is(err, nats.ErrSlowConsumer) {
		b.log.Warn("a slow subscription is losing messages", "subject", sub.Subject, "lost", dropped(sub))
		return
	}
	b.log.Error("fault", "subject", sub.Subject, "error", err)
}
