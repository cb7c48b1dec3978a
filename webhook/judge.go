package webhook

import "time"

// Delays are the waits before each attempt at a delivery, the first included; after the last it has failed.
var Delays = []time.Duration{
	0, 5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 10 * time.Hour,
}

const (
	// sickAfter failures in a row, of whichever deliveries, the endpoint is taken for sick.
	sickAfter = 5
	// minProbe and maxProbe bound the pause between attempts at a sick endpoint. It grows with the time that it has been failing.
	minProbe = 5 * time.Second
	maxProbe = 5 * time.Minute
	// giveUpAfter so long without one success an endpoint is disabled.
	giveUpAfter = 3 * 24 * time.Hour
	// spread is how far a wait is off by chance, so that what failed together does not come back together.
	spread = 0.1
)

// Health is how an endpoint has answered lately.
type Health struct {
	Failures      int        // attempts in a row that failed
	FailingSince  *time.Time // the first of them; nil exactly when there are none
	ProbeAt       *time.Time // when a sick endpoint is asked again
	LastSuccessAt *time.Time
}

// Sick reports whether the endpoint, not the delivery, seems to be at fault.
func (h Health) Sick() bool { return h.Failures >= sickAfter }

// resting reports whether a sick endpoint is to be left alone at a time.
func (h Health) resting(now time.Time) bool {
	return h.Sick() && h.ProbeAt != nil && now.Before(*h.ProbeAt)
}

// status of a delivery: what judge decides on.
type status struct {
	state    DeliveryState
	attempts int
	nextAt   *time.Time
}

// verdict is what follows from an attempt.
type verdict struct {
	delivery status
	endpoint Health
	disable  Reason // "" goes on
}

// judge decides what an attempt means. It is pure: chance, from −1 to 1, is the caller's.
//
// A failure counts against the delivery and against the endpoint. While the endpoint is sick its deliveries are neither given up nor
// put off for longer than the endpoint itself: nothing is known about them, and they should go out soon after it has recovered.
func judge(attempts int, h Health, a attempt, now time.Time, chance float64) verdict {
	attempts++
	if a.ok() {
		return verdict{status{Delivered, attempts, nil}, Health{LastSuccessAt: &now}, ""}
	}
	if a.staged { // it says nothing about the endpoint
		return verdict{status{Pending, attempts, new(now.Add(jitter(Delays[attempts], chance)))}, h, ""}
	}
	if h.Failures++; h.FailingSince == nil {
		h.FailingSince = &now
	}
	failing := now.Sub(*h.FailingSince)
	v := verdict{status{Pending, attempts, nil}, h, ""}
	switch {
	case a.gone():
		v.disable = Gone
	case failing >= giveUpAfter:
		v.disable = Failing
	}
	switch {
	case h.Sick():
		probe := min(max(minProbe, failing/4), maxProbe)
		v.endpoint.ProbeAt = new(now.Add(jitter(probe, chance)))
		v.delivery.nextAt = v.endpoint.ProbeAt // behind the others that wait, so that one which is at fault itself is no probe for ever
	case attempts >= len(Delays) && v.disable == "":
		v.delivery.state = Failed
	default:
		v.delivery.nextAt = new(now.Add(jitter(Delays[min(attempts, len(Delays)-1)], chance)))
	}
	return v
}

func jitter(d time.Duration, chance float64) time.Duration {
	return d + time.Duration(float64(d)*spread*chance)
}
