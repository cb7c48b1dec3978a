package webhook

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

var (
	yes = attempt{status: 204}
	no  = attempt{status: 500}
)

// A delivery that a healthy endpoint refuses is tried as the table says, and then given up.
func TestRetriesFollowTheTable(t *testing.T) {
	t.Parallel()
	now := noon
	for n := range Delays {
		v := judge(n, Health{}, no, now, 0) // others get through meanwhile
		if v.delivery.attempts != n+1 || v.disable != "" || v.endpoint.Failures != 1 || !v.endpoint.FailingSince.Equal(now) {
			t.Fatalf("attempt %d: %+v", n+1, v)
		}
		if n+1 == len(Delays) {
			if v.delivery.state != Failed || v.delivery.nextAt != nil {
				t.Errorf("after the last attempt: %+v", v.delivery)
			}
			break
		}
		if v.delivery.state != Pending || !v.delivery.nextAt.Equal(now.Add(Delays[n+1])) {
			t.Errorf("after attempt %d: %+v, want a wait of %v", n+1, v.delivery, Delays[n+1])
		}
	}
	if v := judge(3, Health{Failures: 9, FailingSince: &now}, yes, now, 0); v.delivery.state != Delivered || v.endpoint.Failures != 0 || v.endpoint.FailingSince != nil {
		t.Errorf("a success: %+v", v)
	}
}

func TestSickEndpoints(t *testing.T) {
	t.Parallel()
	h := Health{}
	now := noon
	for n := range sickAfter {
		if h.Sick() {
			t.Fatalf("sick after %d failures", n)
		}
		h = judge(0, h, no, now, 0).endpoint
	}
	if !h.Sick() || !h.resting(now.Add(minProbe-1)) || h.resting(now.Add(minProbe)) {
		t.Errorf("after %d failures: %+v", sickAfter, h)
	}
	// The longer it lasts, the rarer it is asked; and no delivery is given up.
	for _, step := range []struct{ failing, probe time.Duration }{
		{10 * time.Second, minProbe}, {time.Minute, 15 * time.Second}, {time.Hour, maxProbe}, {giveUpAfter - 1, maxProbe},
	} {
		v := judge(50, h, no, noon.Add(step.failing), 0)
		if v.delivery.state != Pending || v.disable != "" || !v.endpoint.ProbeAt.Equal(noon.Add(step.failing+step.probe)) {
			t.Errorf("failing for %v: %+v", step.failing, v)
		}
		if !v.delivery.nextAt.Equal(*v.endpoint.ProbeAt) {
			t.Errorf("failing for %v: the delivery waits until %v", step.failing, v.delivery.nextAt)
		}
	}
	if v := judge(50, h, no, noon.Add(giveUpAfter), 0); v.disable != Failing || v.delivery.state != Pending {
		t.Errorf("after three days: %+v", v)
	}
	if v := judge(0, Health{}, attempt{status: 410}, noon, 0); v.disable != Gone || v.delivery.state != Pending {
		t.Errorf("gone: %+v", v)
	}
}

// Whatever comes, a verdict is one that the database takes: a time exactly for what is pending, later than now; failures exactly with
// their beginning.
func TestVerdictsAreConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		h, now, attempts := Health{}, noon, 0
		for range rapid.IntRange(1, 60).Draw(t, "attempts") {
			a := rapid.SampledFrom([]attempt{yes, no, no, no, {err: "no answer"}, {status: 410}, {status: 302}}).Draw(t, "attempt")
			v := judge(attempts, h, a, now, rapid.Float64Range(-1, 1).Draw(t, "chance"))
			h = v.endpoint
			switch {
			case (v.delivery.nextAt != nil) != (v.delivery.state == Pending):
				t.Fatalf("%+v", v)
			case v.delivery.nextAt != nil && !v.delivery.nextAt.After(now):
				t.Fatalf("the next attempt is not later: %+v", v)
			case (h.FailingSince != nil) != (h.Failures > 0), h.Sick() != (h.ProbeAt != nil):
				t.Fatalf("%+v", h)
			case a.ok() != (v.delivery.state == Delivered):
				t.Fatalf("%+v after %+v", v, a)
			}
			if attempts = v.delivery.attempts; v.delivery.state != Pending {
				attempts = 0
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 10_000).Draw(t, "seconds")) * time.Second)
		}
	})
}
